"""Freshness as it is asked for and answered: what owners are shown, what everybody sees, and whom staff should call."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from services.directory.freshness import rules
from services.directory.freshness.rules import EntryKind, Why
from services.directory.rules import Freshness
from services.directory.schemas import EntryAnswer
from shared.inputs import Reason
from shared.validation import Answer, Body

Months = Annotated[int, Field(ge=1, le=60)]


class PolicyBody(Body):
    """After how many months without assurance a kind of entry is asked about; null: never."""

    organisation: Months | None
    activity: Months | None
    premises: Months | None


class PolicyAnswer(Answer):
    organisation: int | None
    activity: int | None
    premises: int | None


class GivenAnswer(Body):
    """`note`: what has changed, in the owner's own words, for staff only."""

    entry_id: UUID
    answer: rules.Answer
    note: Annotated[Reason, StringConstraints(min_length=1)] | None = None


class Undoing(Body):
    entry_id: UUID


class AskedEntry(Answer):
    """One question: the entry as the directory shows it, and what the owner has answered, if anything.

    `answer` is `elsewhere` where there is nothing left to ask: somebody else assured it, or it is not shown any more.
    """

    id: UUID
    kind: EntryKind
    title: str
    description: str
    place: str | None
    website: str | None
    schedules: list[dict[str, Any]]
    assured_on: date | None
    freshness: Freshness
    answer: str | None
    answered_on: date | None
    changed_on: date | None
    may_undo: bool


class LetterAnswer(Answer):
    """What an owner is asked, for whoever holds the link."""

    language: str
    asked_on: date
    entries: list[AskedEntry]


class ConfirmedAnswer(EntryAnswer):
    """The entry as it stands after the confirmation."""


class KindShare(Answer):
    kind: EntryKind
    total: int
    fresh: int
    sunk: int
    hidden: int
    share: float | None


class ShareAnswer(Answer):
    """How many of the entries were assured, or entered, within the time that the centre's policy gives each kind.

    Entries that are hidden count among `total`: what nobody confirms does not make the directory fresher by being out
    of sight. `share` lies between 0 and 1; null where there are no entries.
    """

    as_of: date
    total: int
    fresh: int
    share: float | None
    kinds: list[KindShare]
    policy: PolicyAnswer


class Call(Answer):
    """An entry that staff should call about, and whom. Persons: for staff only."""

    kind: EntryKind
    id: UUID
    title: str
    organisation_id: UUID | None
    organisation: str | None
    why: Why
    freshness: Freshness
    since: date
    assured_on: date | None
    note: str | None
    contact: str | None
    email: str | None
    phone: str | None


class CallList(Answer):
    items: list[Call]
    next_cursor: None = None
