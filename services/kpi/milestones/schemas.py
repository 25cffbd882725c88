"""Bodies and answers about milestones."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.kpi.observations.schemas import Retraction
from shared.validation import Answer, Body

__all__ = ["MilestoneAnswer", "NewMilestone", "Retraction"]

Name = Annotated[str, Field(min_length=1, max_length=80)]


class NewMilestone(Body):
    plan: Name
    goal: Name
    reached_on: date
    evidence: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    """A link or a file's name; no fact tells it."""


class MilestoneAnswer(Answer):
    id: UUID
    version: int
    plan: str
    goal: str
    reached_on: date
    evidence: str | None
    recorded_by: str
    recorded_at: datetime
    retracted_at: datetime | None
    retract_reason: str | None
