"""Who has read what a citizen wrote: never what it says."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from services.booking.models import Table
from shared.aggregate import moment
from shared.ids import uuid7


class MessageReading(Table, table=True):
    __tablename__ = "message_readings"

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    tenant: str
    booking_id: UUID
    reader: str
    read_at: datetime = Field(sa_column=moment())
