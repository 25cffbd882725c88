"""The tables of bookings and of whom to reach about them. What may not overlap is decided in the migration."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column
from sqlmodel import Field

from services.booking.bookings.rules import BookingState
from services.booking.models import Table, Thing
from services.booking.resources.rules import Span
from shared.aggregate import listed, moment
from shared.events.bookings import CancelledBy, Channel, Purpose
from shared.events.notify import MessageChannel
from shared.ids import uuid7


class Contact(Table, table=True):
    """Whom to reach about one booking. One row a booking: two requests of one person cannot be put together by it."""

    __tablename__ = "contacts"

    tenant: str
    id: UUID = Field(default_factory=uuid7, primary_key=True)
    name: str
    email: str
    phone: str | None = None
    language: str
    prefers: MessageChannel | None = Field(None, sa_column=listed(MessageChannel, nullable=True))


class Booking(Thing, table=True):
    __tablename__ = "bookings"

    resource_id: UUID
    resource_no: int
    # The resource's stretch of numbers: what overlaps it, in number and in time, cannot be booked beside it.
    span_from: int = Field(sa_column=Column(BigInteger, nullable=False))
    span_to: int = Field(sa_column=Column(BigInteger, nullable=False))
    purpose: Purpose = Field(sa_column=listed(Purpose))
    channel: Channel = Field(sa_column=listed(Channel))
    state: BookingState = Field(sa_column=listed(BookingState))
    starts_at: datetime = Field(sa_column=moment())
    ends_at: datetime = Field(sa_column=moment())
    # With the resource's buffers as they were at booking: a later change of them moves nobody's time.
    blocked_from: datetime = Field(sa_column=moment())
    blocked_until: datetime = Field(sa_column=moment())
    # Until when a hold keeps the time; what is booked has none.
    held_until: datetime | None = Field(None, sa_column=moment(nullable=True))
    # How often it was rescheduled: what a calendar calls SEQUENCE.
    moves: int = 0
    locality: str | None = None
    organisation_id: UUID | None = None
    contact_id: UUID | None = None
    series_id: UUID | None = None
    token_hash: bytes
    # What the citizen wrote to the adviser, encrypted.
    message: bytes | None = None
    cancelled_by: CancelledBy | None = Field(None, sa_column=listed(CancelledBy, nullable=True))
    cancel_reason: str | None = None
    decline_reason: str | None = None

    @property
    def span(self) -> Span:
        return Span(self.span_from, self.span_to)
