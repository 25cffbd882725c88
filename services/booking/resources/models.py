"""The resources' table: what can be booked, when it is open, and by which rules."""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Identity, Integer
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.booking.models import Thing
from services.booking.resources.rules import OpenTo, ResourceState
from shared.aggregate import listed
from shared.events.bookings import ResourceKind


def _list() -> Column[Any]:
    return Column(JSONB, nullable=False)


class Resource(Thing, table=True):
    __tablename__ = "resources"

    number: int = Field(default=None, sa_column=Column(Integer, Identity(always=True), unique=True))
    # What contains this one, and the stretch of numbers that it is: see `rules.Span`.
    parent_id: UUID | None = None
    span_from: int = Field(0, sa_column=Column(BigInteger, nullable=False))
    span_to: int = Field(0, sa_column=Column(BigInteger, nullable=False))
    parts: int = 0

    kind: ResourceKind = Field(sa_column=listed(ResourceKind))
    name: str
    locality: str | None = None
    capacity: int | None = None
    features: list[str] = Field(sa_column=_list())
    equipment: list[str] = Field(sa_column=_list())
    # The subject of the tokens of the one adviser who may read what citizens write; without one, all staff may.
    adviser: str | None = None

    slot_minutes: int
    buffer_minutes: int
    buffer_before_minutes: int
    opening_hours: list[dict[str, Any]] = Field(sa_column=_list())
    seasons: list[dict[str, Any]] = Field(sa_column=_list())
    exceptions: list[dict[str, Any]] = Field(sa_column=_list())
    closures: list[dict[str, Any]] = Field(sa_column=_list())
    closed_on: list[str] = Field(sa_column=_list())

    notice_minutes: int
    change_notice_minutes: int
    horizon_days: int
    hold_minutes: int
    offer_minutes: int
    approval: bool
    open_to: OpenTo = Field(sa_column=listed(OpenTo))
    monthly_quota: int | None = None
    state: ResourceState = Field(ResourceState.OPEN, sa_column=listed(ResourceState))
