"""Rules for freshness: when an entry is to be asked about, whom to ask, and what follows from silence. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import ceil
from typing import Protocol, TypeVar

from dateutil.relativedelta import relativedelta

from services.directory.rules import Freshness
from shared.errors import Language, Text

ASK_AGAIN_AFTER = timedelta(days=14)
SINK_AFTER = timedelta(days=14)
HIDE_AFTER = timedelta(days=60)
# So long staff have to find somebody who can be asked; then the entry sinks. It is never hidden: nobody was silent.
FIND_SOMEBODY = timedelta(days=28)
# What falls due so soon is asked about in the same letter.
ASKED_ALONG = timedelta(days=30)
# A centre's owners are asked in the course of a month, so that an upgrade or an import is no flood of mails.
DAYS_TO_ASK_ALL, FEWEST_A_DAY = 30, 10
UNDO_WITHIN = timedelta(days=30)
LONGEST_ABOUT = 200


class EntryKind(StrEnum):
    ORGANISATION = "organisation"
    ACTIVITY = "activity"
    PREMISES = "premises"


class Answer(StrEnum):
    """What an owner says of an entry: `still_right` (det passer stadig), `changed` (noget er ændret), `closed`."""

    STILL_RIGHT = "still_right"
    CHANGED = "changed"
    CLOSED = "closed"


class Why(StrEnum):
    """Why staff should call about an entry: `no_address` (nobody can be asked), `silent`, `changed` or `closed` (its
    owner says so, and staff have something to do)."""

    CLOSED = "closed"
    CHANGED = "changed"
    SILENT = "silent"
    NO_ADDRESS = "no_address"


@dataclass(frozen=True)
class Policy:
    """After how many months each kind is asked about; None: never."""

    organisation: int | None = 12
    activity: int | None = 6
    premises: int | None = 12

    def months(self, kind: EntryKind) -> int | None:
        months: int | None = getattr(self, kind)
        return months


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry as the rules see it; days are Danish. `asked`: a letter about it went out since it was last assured."""

    kind: EntryKind
    freshness: Freshness
    since: date
    entered_on: date
    assured_on: date | None = None
    imported: bool = False
    asked: bool = False


def due_on(entry: Standing, policy: Policy) -> date | None:
    """The day from which it must be asked about. Whoever enters something knows it to be right on that day; what was
    brought from elsewhere and never assured is of unknown age, and is due at once."""
    months = policy.months(entry.kind)
    if months is None:
        return None
    if entry.assured_on is None and entry.imported:
        return entry.entered_on
    return (entry.assured_on or entry.entered_on) + relativedelta(months=months)


def next_step(entry: Standing, policy: Policy, today: date, *, reachable: bool) -> Freshness | None:
    """The one step that is due, if any. Each begins a time of its own, so that a worker that was away for a month
    skips none: nobody is hidden who was asked but once."""
    due = due_on(entry, policy)
    waited = today - entry.since
    match entry.freshness:
        case Freshness.FRESH if due is not None and due <= today:
            return Freshness.ASK
        case Freshness.ASK if due is None or due > today:
            return Freshness.FRESH  # The policy has become more patient.
        case Freshness.ASK if reachable:
            return Freshness.ASKED
        case Freshness.ASK if waited >= FIND_SOMEBODY:
            return Freshness.SUNK
        case Freshness.ASKED if waited >= ASK_AGAIN_AFTER:
            return Freshness.ASKED_AGAIN
        case Freshness.ASKED_AGAIN if waited >= SINK_AFTER:
            return Freshness.SUNK
        case Freshness.SUNK if not entry.asked:
            return Freshness.ASKED if reachable else None
        case Freshness.SUNK if waited >= HIDE_AFTER:
            return Freshness.HIDDEN
    return None


def asked_along(entry: Standing, policy: Policy, today: date) -> bool:
    due = due_on(entry, policy)
    return entry.freshness is Freshness.FRESH and due is not None and due <= today + ASKED_ALONG


def letters_a_day(owners: int) -> int:
    return max(FEWEST_A_DAY, ceil(owners / DAYS_TO_ASK_ALL))


class Speaks(Protocol):
    """Somebody with a role in an organisation."""

    @property
    def role(self) -> str: ...


SpeaksT = TypeVar("SpeaksT", bound=Speaks)
IN_TURN = ("editor", "chair", "contact")


def owner(roles: Sequence[SpeaksT]) -> SpeaksT | None:
    """Who answers for an organisation's entries: its editor of longest standing, else its chair, else its contact.
    One person, because two would get the same question, and each would leave it to the other. Given in order."""
    return min(roles, key=lambda each: IN_TURN.index(each.role), default=None)


def named(titles: Sequence[str], language: Language) -> str:
    """What a letter is about, as far as there is room: `Spis sammen, Café Klare og 3 andre`."""
    for shown in range(len(titles), 0, -1):
        left = len(titles) - shown
        others = Text(f" og {left} {'andre' if left > 1 else 'andet'}", f" and {left} other{'s' if left > 1 else ''}")
        written = ", ".join(titles[:shown]) + (others.read(language) if left else "")
        if len(written) <= LONGEST_ABOUT:
            return written
    return titles[0][: LONGEST_ABOUT - 1] + "…"


def note(freshness: Freshness, assured_on: date | None) -> Text | None:
    """What stands beside a hidden entry where its link still answers."""
    if freshness is not Freshness.HIDDEN:
        return None
    if assured_on is None:
        return Text(
            "Ingen har bekræftet disse oplysninger, så de vises ikke i søgningen. Spørg, før du regner med dem.",
            "Nobody has confirmed this information, so it is not shown in the search. Ask before you rely on it.",
        )
    danish = f"{assured_on.day}.{assured_on.month}.{assured_on.year}"
    return Text(
        f"Ingen har bekræftet disse oplysninger siden den {danish}, så de vises ikke i søgningen."
        " Spørg, før du regner med dem.",
        f"Nobody has confirmed this information since {assured_on.day} {assured_on:%B %Y}, so it is not shown in the"
        " search. Ask before you rely on it.",
    )
