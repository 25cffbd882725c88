"""What became of recommendations. Nothing is changed afterwards: the newest of a recommendation stands."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field

from services.kpi.models import Thing
from shared.aggregate import listed, moment
from shared.clock import now


class Status(StrEnum):
    NOT_STARTED = "not_started"
    UNDER_WAY = "under_way"
    DONE = "done"
    DECLINED = "declined"


class RecommendationStatus(Thing, table=True):
    __tablename__ = "recommendation_statuses"
    plan: str
    recommendation: str
    status: Status = Field(sa_column=listed(Status))
    reason: str
    decided_by: str
    decided_role: str
    decided_at: datetime = Field(default_factory=now, sa_column=moment())
