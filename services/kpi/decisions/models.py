"""What people have decided about a goal's status. Nothing is deleted: a decision that no longer stands says so."""

from datetime import datetime

from sqlmodel import Field

from services.kpi.models import Thing
from shared.aggregate import moment
from shared.clock import now


class Decision(Thing, table=True):
    __tablename__ = "decisions"
    plan: str
    goal: str
    result: str | None = None
    """None leaves this axis to the counter."""
    time: str | None = None
    reason: str
    decided_by: str
    decided_role: str
    decided_at: datetime = Field(default_factory=now, sa_column=moment())
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
