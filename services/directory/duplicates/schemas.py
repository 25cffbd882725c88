"""Entries that look alike as they are answered, and what staff say of them."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.directory.duplicates.rules import Why
from shared.events.kinds import OrganisationKind
from shared.validation import Answer, Body


class NotTheSameOnes(Body):
    organisation_ids: Annotated[list[UUID], Field(min_length=2, max_length=2)]


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


class DuplicatesAnswer(Answer):
    items: list[DuplicateAnswer]
    total: int
