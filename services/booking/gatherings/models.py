"""The gatherings' table: people who are invited to meet."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.booking.gatherings.rules import GatheringState
from services.booking.models import Thing
from shared.aggregate import listed, moment
from shared.events.booking import Form, GatheringKind


class Gathering(Thing, table=True):
    __tablename__ = "gatherings"

    kind: GatheringKind = Field(sa_column=listed(GatheringKind))
    title: str
    topic: str | None = None
    # Names stay here; an event says an organiser's id and sector.
    organisers: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    audience_unit: str | None = None
    locality: str | None = None
    form: Form = Field(sa_column=listed(Form))
    starts_at: datetime = Field(sa_column=moment())
    ends_at: datetime = Field(sa_column=moment())
    capacity: int | None = None
    # Internal: staff see it, the public calendar does not.
    internal: bool = False
    state: GatheringState = Field(sa_column=listed(GatheringState))
    participants: int | None = None
    cancel_reason: str | None = None
