"""The offers' table: what was offered to whom in a line, until when, and what became of it."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from services.booking.models import Table
from services.booking.offers.rules import LineKind, OfferState
from shared.aggregate import listed, moment
from shared.ids import uuid7


class Offer(Table, table=True):
    __tablename__ = "offers"

    tenant: str
    id: UUID = Field(default_factory=uuid7, primary_key=True)
    line: LineKind = Field(sa_column=listed(LineKind))
    # The place in the line: of somebody who waits for a time, or a sign-up.
    place_id: UUID
    state: OfferState = Field(OfferState.STANDING, sa_column=listed(OfferState))
    made_at: datetime = Field(sa_column=moment())
    answer_by: datetime = Field(sa_column=moment())
    ended_at: datetime | None = Field(None, sa_column=moment(nullable=True))
    # Of a time: what it is, and the hold that keeps it while the offer stands. A seat is kept by the sign-up itself.
    hold_id: UUID | None = None
    starts_at: datetime | None = Field(None, sa_column=moment(nullable=True))
    ends_at: datetime | None = Field(None, sa_column=moment(nullable=True))
    locality: str | None = None
