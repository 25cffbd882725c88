"""Who keeps times: kept for an hour, and no longer."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from services.booking.models import Table
from shared.aggregate import moment


class Holder(Table, table=True):
    __tablename__ = "holders"

    hold_id: UUID = Field(primary_key=True)
    tenant: str
    holder: bytes
    held_at: datetime = Field(sa_column=moment())
