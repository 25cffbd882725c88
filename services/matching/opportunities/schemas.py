"""Opportunities as they are sent and answered. Everything answered here is public."""

from uuid import UUID

from pydantic import Field

from services.matching.opportunities.rules import OpportunityState
from shared.events.fields import Instant
from shared.events.matching import OpportunityKind
from shared.inputs import Line, Paragraphs, Place, Words
from shared.validation import Answer, Body


class NewOpportunity(Body):
    organisation_id: UUID
    kind: OpportunityKind
    title: Line
    description: Paragraphs
    skills: Words = Field(default_factory=list)
    locality: Place | None = None


class OpportunityAnswer(Answer):
    id: UUID
    version: int
    state: OpportunityState
    organisation_id: UUID
    kind: OpportunityKind
    title: str
    description: str
    skills: list[str]
    locality: str | None
    posted_at: Instant
    closed_at: Instant | None
