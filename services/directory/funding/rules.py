"""Rules for telling associations of funders' deadlines: which and when, how often at most, and in what words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, TypeVar

from babel.dates import format_date
from dateutil.relativedelta import relativedelta

from shared.errors import Language, Text

# Nobody gets more letters than this, however many deadlines staff note; what cannot wait so long is told at once.
AT_MOST_EVERY = timedelta(days=7)
# What comes near so soon is told in the same letter: a month's deadlines together, a week's for the last time.
FIRST_ALONG, LAST_ALONG = timedelta(days=30), timedelta(days=7)
# Notify gives a mail up after three days. Then it needs no address any more.
FORGET_AFTER = timedelta(days=7)
MOST_LISTED = 20
LOCALES = {"da": "da_DK", "en": "en_GB"}


@dataclass(frozen=True)
class Policy:
    """How many days before a deadline associations are told of it, and then once more; None: not at all."""

    first: int | None = 30
    last: int | None = 7

    @property
    def looks_ahead(self) -> timedelta:
        """How far away a deadline may be that a letter names."""
        return timedelta(days=max(self.first or 0, self.last or 0)) + FIRST_ALONG


class Deadline(Protocol):
    """As these rules see it. `told_for` and `told_last_for` are the days that a letter gave: a deadline that is moved
    is told of anew, and never twice for the same day."""

    @property
    def due_on(self) -> date: ...
    @property
    def told_for(self) -> date | None: ...
    @property
    def told_last_for(self) -> date | None: ...


DeadlineT = TypeVar("DeadlineT", bound=Deadline)


def to_tell(
    deadlines: Sequence[DeadlineT], policy: Policy, today: date, last_letter: date | None
) -> Sequence[DeadlineT]:
    """What the letter of today names, if there is one."""
    due = [each for each in deadlines if _near(each, policy, today)]
    if not due:
        return []
    if last_letter and today < last_letter + AT_MOST_EVERY:
        again = last_letter + AT_MOST_EVERY
        if all(each.due_on > again for each in due):
            return []
    return [each for each in deadlines if _near(each, policy, today, FIRST_ALONG, LAST_ALONG)]


def is_last(deadline: Deadline, policy: Policy, today: date) -> bool:
    """Whether a letter of today is the last one that names it."""
    return _within(deadline.due_on, policy.last, today, LAST_ALONG)


def _near(
    deadline: Deadline,
    policy: Policy,
    today: date,
    first_along: timedelta = timedelta(),
    last_along: timedelta = timedelta(),
) -> bool:
    first = deadline.told_for != deadline.due_on and _within(deadline.due_on, policy.first, today, first_along)
    last = deadline.told_last_for != deadline.due_on and _within(deadline.due_on, policy.last, today, last_along)
    return first or last


def _within(due_on: date, days: int | None, today: date, along: timedelta) -> bool:
    """On the day itself it is too late to begin."""
    return days is not None and today < due_on <= today + timedelta(days=days) + along


def next_year(due_on: date, today: date) -> date:
    """When one that comes every year comes next."""
    years = 1
    while due_on + relativedelta(years=years) < today:
        years += 1
    return due_on + relativedelta(years=years)


def line(due_on: date, title: str, funder: str, website: str | None, language: Language) -> str:
    """One deadline in a letter: `1. december 2026: §18-midler (Puljen) https://…`."""
    day = format_date(due_on, "long", LOCALES[language])
    return " ".join(filter(None, (f"{day}:", title, f"({funder})", website)))


def listed(lines: Sequence[str], language: Language) -> str:
    """The lines of a letter, as far as anybody reads on."""
    left = len(lines) - MOST_LISTED
    if left <= 0:
        return "\n".join(lines)
    others = Text(
        f"… og {left} {'andre' if left > 1 else 'anden'}, som siden viser.",
        f"… and {left} other{'s' if left > 1 else ''} that the page shows.",
    )
    return "\n".join([*lines[:MOST_LISTED], others.read(language)])
