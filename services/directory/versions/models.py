"""What entries looked like before. The database writes these rows by itself; nothing here changes them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from services.directory.models import Table, document
from shared.aggregate import moment


class EntryVersion(Table, table=True):
    __tablename__ = "entry_versions"

    tenant: str
    entry_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)
    at: datetime = Field(sa_column=moment())
    fields: dict[str, Any] = Field(sa_column=document())
