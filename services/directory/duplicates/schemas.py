"""Entries that look alike as they are answered, and what staff say of them."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.directory.duplicates.rules import Why
from services.directory.freshness.rules import EntryKind
from services.directory.rules import State
from shared.errors import Wrong
from shared.events.kinds import OrganisationKind
from shared.validation import Answer, Body

Two = Annotated[list[UUID], Field(min_length=2, max_length=2)]


class NotTheSameOnes(Body):
    """Two of one kind."""

    organisation_ids: Two | None = None
    activity_ids: Two | None = None
    premises_ids: Two | None = None

    @model_validator(mode="after")
    def _of_one_kind(self) -> Self:
        if len(self.told()) != 1:
            raise Wrong("skal nævne to af én slags", "must name two of one kind")
        return self

    def told(self) -> dict[EntryKind, list[UUID]]:
        all_of_them = {
            EntryKind.ORGANISATION: self.organisation_ids,
            EntryKind.ACTIVITY: self.activity_ids,
            EntryKind.PREMISES: self.premises_ids,
        }
        return {kind: ids for kind, ids in all_of_them.items() if ids}


class Called(Answer):
    id: UUID
    name: str = Field(description="What it is called now.")


class ToldApart(Answer):
    """Two that look alike and are not the same, the one first that was entered first."""

    kind: EntryKind
    entries: list[Called]
    said_at: datetime


class Lookalike(Answer):
    """Enough of an entry to tell by eye which of two is to be kept."""

    id: UUID
    name: str
    kind: OrganisationKind
    cvr: str | None
    address: str | None
    postcode: str | None
    locality: str | None
    website: str | None
    source: str | None
    assured_on: date | None


class DuplicateAnswer(Answer):
    """`score` of a hundred; `why`: `cvr`, `name` (the same but for its writing) or `similar`."""

    organisations: list[Lookalike]
    score: int
    why: Why


class LookalikeActivity(Answer):
    id: UUID
    title: str
    organisation_id: UUID
    organisation_name: str
    state: State
    schedules: list[dict[str, Any]]
    address: str | None
    postcode: str | None
    locality: str | None
    source: str | None
    assured_on: date | None


class DuplicateActivity(Answer):
    """`score` of a hundred: how alike the titles are, less where organisation or time differ; `why`: `name` (the same
    but for its writing) or `similar`."""

    activities: list[LookalikeActivity]
    score: int
    why: Why


class DuplicateActivities(Answer):
    items: list[DuplicateActivity]
    total: int


class LookalikePremises(Answer):
    id: UUID
    name: str
    organisation_id: UUID | None
    address: str | None
    postcode: str | None
    locality: str | None
    capacity: int | None
    resource_id: UUID | None
    source: str | None
    assured_on: date | None


class DuplicateRooms(Answer):
    """`why`: `name` (the same but for its writing) or `similar`."""

    premises: list[LookalikePremises]
    score: int
    why: Why


class DuplicatePremises(Answer):
    items: list[DuplicateRooms]
    total: int


class DuplicatesAnswer(Answer):
    items: list[DuplicateAnswer]
    total: int
