"""The table of what looks alike and is not the same."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from services.directory.models import Table
from shared.aggregate import moment
from shared.clock import now


class NotTheSame(Table, table=True):
    __tablename__ = "not_the_same"

    tenant: str = Field(primary_key=True)
    one: UUID = Field(primary_key=True)
    other: UUID = Field(primary_key=True)
    said_at: datetime = Field(default_factory=now, sa_column=moment())
