"""A calendar that somebody keeps elsewhere, and when it says that they are busy."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, DateTime
from sqlmodel import Field

from services.booking.models import Table
from services.booking.outside.rules import Failure
from shared.aggregate import listed, moment


class OutsideCalendar(Table, table=True):
    __tablename__ = "outside_calendars"

    resource_id: UUID = Field(primary_key=True)
    tenant: str
    address: bytes
    set_at: datetime = Field(sa_column=moment())
    due_at: datetime = Field(sa_column=moment())
    fetched_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    # Of the last attempt; what was read before it stays.
    failed_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    failure: Failure | None = Field(default=None, sa_column=listed(Failure, nullable=True))


class OutsideBusy(Table, table=True):
    __tablename__ = "outside_busy"

    resource_id: UUID = Field(primary_key=True)
    tenant: str
    span_from: int = Field(sa_column=Column(BigInteger, nullable=False))
    span_to: int = Field(sa_column=Column(BigInteger, nullable=False))
    starts_at: datetime = Field(sa_column=Column(DateTime(timezone=True), primary_key=True))
    ends_at: datetime = Field(sa_column=moment())
