"""Rules that several nouns share: the days people may name, and the life of what is published. Pure."""

from datetime import date
from enum import StrEnum

from shared.errors import Conflict, Invalid, Text


class State(StrEnum):
    """Draft first, then published and withdrawn by turns; nothing becomes a draft again."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Freshness(StrEnum):
    """How far an entry is from having been assured. `sunk` stands last in lists; `hidden` in none, but its link answers
    and one confirmation brings it back."""

    FRESH = "fresh"
    ASK = "ask"
    ASKED = "asked"
    ASKED_AGAIN = "asked_again"
    SUNK = "sunk"
    HIDDEN = "hidden"


class AlreadyPublished(Conflict):
    slug = "already-published"
    title = Text("Det er allerede offentliggjort", "It is already published")


class NotPublished(Conflict):
    slug = "not-published"
    title = Text("Det er ikke offentliggjort", "It is not published")


class AlreadyEnded(Conflict):
    slug = "already-ended"
    title = Text("Det er allerede afsluttet", "It has already ended")


class OrganisationClosed(Conflict):
    slug = "organisation-closed"
    title = Text("Organisationen er lukket", "The organisation is closed")


def publishable(state: State) -> None:
    if state is State.PUBLISHED:
        raise AlreadyPublished


def withdrawable(state: State) -> None:
    if state is not State.PUBLISHED:
        raise NotPublished


def not_ended(ended_on: date | None) -> None:
    if ended_on is not None:
        raise AlreadyEnded


def day_of_fact(
    field: str, given: date | None, *, today: date, may_backdate: bool, not_before: date | None = None
) -> date:
    """The day on which something became true: the one given, else today.

    Never the future, because an event is a past fact; never before `not_before`, the day of what it ends or follows;
    and the past only from those who may record afterwards.
    """
    day = today if given is None else given
    if day > today:
        raise Invalid.field(field, "må ikke ligge i fremtiden", "must not lie in the future")
    if day < today and not may_backdate:
        raise Invalid.field(
            field, "kun medarbejdere kan angive en dag, der er gået", "only staff may name a day that has passed"
        )
    if not_before is not None and day < not_before:
        raise Invalid.field(field, f"må ikke ligge før {not_before}", f"must not lie before {not_before}")
    return day
