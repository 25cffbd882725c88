"""What is answered about the facts behind a number."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.kpi.goals.schemas import EvidenceAnswer, Number
from shared.paging import Page
from shared.validation import Answer


class RangeAnswer(Answer):
    """The records of one partition that were read: from this offset, up to and without that one."""

    topic: str
    partition: int
    from_: Annotated[int, Field(serialization_alias="from")]
    to: int


class Receipt(Answer):
    """What a number rests on, as a whole; filters narrow the facts shown, never the receipt."""

    definition_version: int
    partitions: list[RangeAnswer] | None
    """For the centre's staff."""
    counted: int
    """Facts that add to the number or take from it."""
    superseded: int
    """Facts that another one stands for now: they stay, with an amount of 0."""
    late: int | None
    """Facts told after the goal's last day. None where receipts are older than this knowledge."""
    retracted: int
    """Things that counted once and were taken back."""
    ignored: int | None
    """Records read that are not about this goal. Not kept while counting: told by `recount`, None here."""
    duplicate: int | None
    """Records whose fact had been read before. Not kept while counting: told by `recount`, None here."""


class EvidencePage(Page[EvidenceAnswer]):
    receipt: Receipt | None
    """None where it is withheld."""
    withheld: bool
    """The facts are about people, and so they are for the centre's staff."""


class TallyAnswer(Answer):
    value: Number
    events: int


class PartDifference(Answer):
    """A number that the log does not confirm. `None`: there is none of the kind on that side."""

    part: str
    dimension: str
    stored: TallyAnswer | None
    recounted: TallyAnswer | None


class FactDifference(Answer):
    """A fact whose receipt the log does not confirm."""

    event_id: UUID
    part: str
    dimension: str
    stored: Number | None
    recounted: Number | None


class RecountAnswer(Answer):
    """The goal counted once more from the log into empty tables, up to where live counting stood at that moment."""

    plan: str
    goal: str
    equal: bool
    stored: Number | None
    recounted: Number | None
    numbers: list[PartDifference]
    facts: list[FactDifference]
    """At most 100 of them."""
    receipt: Receipt
