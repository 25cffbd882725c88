"""The tables of bookings and of whom to reach about them. What may not overlap is decided in the migration."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field

from services.booking.models import Table, Thing
from shared.aggregate import listed, moment
from shared.events.booking import CancelledBy, Channel, Purpose
from shared.ids import uuid7


class BookingState(StrEnum):
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class Contact(Table, table=True):
    """Whom to reach about one booking. One row a booking: two requests of one person cannot be put together by it."""

    __tablename__ = "contacts"

    tenant: str
    id: UUID = Field(default_factory=uuid7, primary_key=True)
    name: str
    email: str
    phone: str | None = None
    language: str


class Booking(Thing, table=True):
    __tablename__ = "bookings"

    resource_id: UUID
    resource_no: int
    purpose: Purpose = Field(sa_column=listed(Purpose))
    channel: Channel = Field(sa_column=listed(Channel))
    state: BookingState = Field(sa_column=listed(BookingState))
    starts_at: datetime = Field(sa_column=moment())
    ends_at: datetime = Field(sa_column=moment())
    # The end with the resource's buffer as it was at booking: a later change of the buffer moves nobody's time.
    blocked_until: datetime = Field(sa_column=moment())
    organisation_id: UUID | None = None
    contact_id: UUID | None = None
    token_hash: bytes
    cancelled_by: CancelledBy | None = Field(None, sa_column=listed(CancelledBy, nullable=True))
    cancel_reason: str | None = None
