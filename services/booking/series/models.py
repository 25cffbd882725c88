"""A recurring request, and what became of each of its times."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.booking.models import Table, Thing
from shared.aggregate import listed, moment
from shared.events.bookings import Channel, Purpose


class Series(Thing, table=True):
    __tablename__ = "series"

    resource_id: UUID
    purpose: Purpose = Field(sa_column=listed(Purpose))
    channel: Channel = Field(sa_column=listed(Channel))
    organisation_id: UUID | None = None
    contact_id: UUID | None = None
    token_hash: bytes
    rule: str
    first_starts_at: datetime = Field(sa_column=moment())
    last_ends_at: datetime = Field(sa_column=moment())


class Occurrence(Table, table=True):
    """One of the times: a booking, or why not, what was free instead, and the place in the line for it."""

    __tablename__ = "occurrences"

    tenant: str
    series_id: UUID = Field(primary_key=True)
    starts_at: datetime = Field(sa_column=Column(DateTime(timezone=True), primary_key=True))
    ends_at: datetime = Field(sa_column=moment())
    booking_id: UUID | None = None
    waiting_id: UUID | None = None
    reason: str | None = None
    alternatives: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
