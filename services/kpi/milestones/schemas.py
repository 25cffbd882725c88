"""Bodies and answers about milestones."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.kpi.observations.schemas import Retraction
from shared.inputs import Day, DayOfOld
from shared.validation import Answer, Body

__all__ = ["Drop", "MilestoneAnswer", "MilestoneChangeAnswer", "Move", "NewMilestone", "Retraction"]

Name = Annotated[str, Field(min_length=1, max_length=80)]


class NewMilestone(Body):
    plan: Name
    goal: Name
    reached_on: DayOfOld
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


class Drop(Body):
    plan: Name
    goal: Name
    reason: Annotated[str, Field(min_length=1, max_length=1000)]
    """Stands beside the goal wherever it is shown."""


class Move(Drop):
    due: Day
    """The day it is to be reached by from now on."""


class MilestoneChangeAnswer(Answer):
    id: UUID
    version: int
    plan: str
    goal: str
    due_before: date
    due: date | None
    """None where it was dropped."""
    reason: str
    decided_by: str
    decided_at: datetime
    undone_by: str | None
    undone_at: datetime | None
    undo_reason: str | None
