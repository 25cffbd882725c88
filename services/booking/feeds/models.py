"""Calendars that somebody has put together, or that are an organisation's, behind secret addresses."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from services.booking.feeds.rules import ThingKind
from services.booking.models import Table
from shared.aggregate import listed, moment
from shared.ids import uuid7


class OwnCalendar(Table, table=True):
    """An organisation's shows all that is its own; a person's shows what they held the links to."""

    __tablename__ = "own_calendars"

    tenant: str
    id: UUID = Field(default_factory=uuid7, primary_key=True)
    organisation_id: UUID | None = None
    token_hash: bytes
    renewed_at: datetime = Field(sa_column=moment())


class OwnThing(Table, table=True):
    __tablename__ = "own_things"

    tenant: str
    calendar_id: UUID = Field(primary_key=True)
    kind: ThingKind = Field(sa_column=listed(ThingKind))
    thing_id: UUID = Field(primary_key=True)
