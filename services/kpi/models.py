"""The tables of adopted plans. What is counted has no models: it is written in bulk (`ingest/repository.py`)."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.aggregate import Aggregate, listed, moment
from shared.clock import now
from shared.ids import uuid7


class Table(SQLModel, registry=registry()):
    """Base of this service's tables. A registry of its own: another service in this process may use the same names."""


class Thing(Aggregate, Table):
    """Base of its aggregates."""


class GoalStatus(StrEnum):
    BACKFILLING = "backfilling"
    """Its history is being read; its number is not yet whole."""
    LIVE = "live"
    RETIRED = "retired"
    """No version of the plan has it any longer. It is read as it stood then, and counted no more."""


class AdoptedPlan(Table, table=True):
    __tablename__ = "plans"
    tenant: str = Field(primary_key=True)
    plan: str = Field(primary_key=True)
    id: UUID = Field(default_factory=uuid7)
    version: int = 1
    year: int
    definition: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    adopted_at: datetime = Field(default_factory=now, sa_column=moment())


class AdoptedGoal(Table, table=True):
    __tablename__ = "goals"
    tenant: str = Field(primary_key=True)
    plan: str = Field(primary_key=True)
    goal: str = Field(primary_key=True)
    position: int
    status: GoalStatus = Field(default=GoalStatus.BACKFILLING, sa_column=listed(GoalStatus))
    since_version: int = 1
    """The plan's version in which it came to be asked and counted as it is now."""
    changed_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    change_reason: str | None = None
    last_version: int | None = None
    read_from: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    """Topic → partition → where its history begins, for partitions whose beginning Kafka had let go of."""
    before: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True), nullable=True))
    """While a changed goal's history is read: the numbers it had come to, and the version that defined them."""
    history_read: int = 0
    history_of: int = 0


class PlanVersion(Table, table=True):
    """A plan as it was adopted once; none is ever changed or forgotten."""

    __tablename__ = "plan_versions"
    tenant: str = Field(primary_key=True)
    plan: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    year: int
    definition: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    source: str | None = None
    reason: str | None = None
    adopted_by: str | None = None
    adopted_at: datetime = Field(default_factory=now, sa_column=moment())


class GoalChange(Table, table=True):
    """What became of a goal in a version, and what it had come to by then."""

    __tablename__ = "goal_changes"
    tenant: str = Field(primary_key=True)
    plan: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    goal: str = Field(primary_key=True)
    position: int
    kind: str
    redefined: bool
    fields: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    reason: str | None = None
    value: Decimal | None = None
    as_of: datetime | None = Field(default=None, sa_column=moment(nullable=True))
