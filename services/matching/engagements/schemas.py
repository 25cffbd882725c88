"""Engagements as they are sent and answered."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.matching.engagements.rules import EngagementState
from shared.events.fields import Instant
from shared.events.matching import EngagementKind
from shared.inputs import Day
from shared.validation import Answer, Body

# The bounds are the event's: what the door takes must fit in the fact.
Hours = Annotated[float, Field(strict=True, gt=0, le=100_000)]


class NewEngagement(Body):
    company_id: UUID
    organisation_id: UUID | None = None
    kind: EngagementKind


class Holding(Body):
    held_on: Day
    hours: Hours | None = None


class EngagementAnswer(Answer):
    id: UUID
    version: int
    state: EngagementState
    company_id: UUID
    organisation_id: UUID | None
    kind: EngagementKind
    agreed_at: Instant
    held_on: date | None
    hours: float | None
