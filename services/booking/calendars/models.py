"""The table of secret calendar addresses: their hashes, for an address is a key."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from services.booking.models import Table
from shared.aggregate import moment


class CalendarLink(Table, table=True):
    __tablename__ = "calendar_links"

    resource_id: UUID = Field(primary_key=True)
    tenant: str
    token_hash: bytes
    renewed_at: datetime = Field(sa_column=moment())
