"""The resources' table: what can be booked, and when it is open."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Identity, Integer
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.booking.models import Thing
from shared.aggregate import listed
from shared.events.booking import ResourceKind


class ResourceState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Resource(Thing, table=True):
    __tablename__ = "resources"

    # The constraint against overlaps needs a range, and PostgreSQL has none of UUIDs: hence a number beside the id.
    number: int = Field(default=None, sa_column=Column(Integer, Identity(always=True), unique=True))
    kind: ResourceKind = Field(sa_column=listed(ResourceKind))
    name: str
    locality: str | None = None
    capacity: int | None = None
    slot_minutes: int
    buffer_minutes: int
    opening_hours: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    state: ResourceState = Field(ResourceState.OPEN, sa_column=listed(ResourceState))
