"""Steps that somebody declares to be taken, with who, when and where that can be seen; and what was decided instead."""

from datetime import date, datetime

from sqlmodel import Field

from services.kpi.models import Thing
from shared.aggregate import moment
from shared.clock import now


class Milestone(Thing, table=True):
    __tablename__ = "milestones"
    plan: str
    goal: str
    reached_on: date
    evidence: str | None = None
    """A link or a file's name; for the centre itself, and so never in an event."""
    recorded_by: str
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    retracted_by: str | None = None
    retracted_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    retract_reason: str | None = None


class MilestoneChange(Thing, table=True):
    """A milestone was given another day, or dropped. Nothing is deleted: what was undone says so."""

    __tablename__ = "milestone_changes"
    plan: str
    goal: str
    due_before: date
    due: date | None
    """None where it was dropped."""
    reason: str
    decided_by: str
    decided_role: str
    decided_at: datetime = Field(default_factory=now, sa_column=moment())
    undone_by: str | None = None
    undone_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    undo_reason: str | None = None
