"""The line: who waits for which time. What they are offered is an offer."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import BigInteger, Column
from sqlmodel import Field

from services.booking.models import Thing
from services.booking.resources.rules import Span
from services.booking.waiting.rules import WaitingState
from shared.aggregate import listed, moment
from shared.events.bookings import Channel, Purpose


class Waiting(Thing, table=True):
    """One place in the line. Version 7 ids are made in order, so their order is the line's."""

    __tablename__ = "waiting"

    resource_id: UUID
    span_from: int = Field(sa_column=Column(BigInteger, nullable=False))
    span_to: int = Field(sa_column=Column(BigInteger, nullable=False))
    purpose: Purpose = Field(sa_column=listed(Purpose))
    channel: Channel = Field(sa_column=listed(Channel))
    organisation_id: UUID | None = None
    contact_id: UUID | None = None
    token_hash: bytes
    series_id: UUID | None = None
    state: WaitingState = Field(sa_column=listed(WaitingState))
    # They take any time of that length which begins between the two.
    earliest: datetime = Field(sa_column=moment())
    latest: datetime = Field(sa_column=moment())
    minutes: int
    booking_id: UUID | None = None

    @property
    def span(self) -> Span:
        return Span(self.span_from, self.span_to)

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes)
