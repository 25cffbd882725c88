"""The tables of what was reported to a board, as it was then."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.kpi.models import Table, Thing
from shared.aggregate import moment
from shared.clock import now


class Report(Thing, table=True):
    __tablename__ = "reports"
    plan: str
    plan_version: int
    title: str
    reporting_date: date
    frozen_by: str
    frozen_at: datetime = Field(default_factory=now, sa_column=moment())


class ReportedGoal(Table, table=True):
    __tablename__ = "report_goals"
    tenant: str = Field(primary_key=True)
    report_id: UUID = Field(primary_key=True)
    goal: str = Field(primary_key=True)
    position: int
    since_version: int
    value: Decimal | None = None
    shown: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
