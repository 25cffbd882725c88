"""The table of what was merged: which two, and everything that has to be known to take it back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from services.directory.models import Thing, document
from shared.aggregate import moment
from shared.clock import now


class Merge(Thing, table=True):
    __tablename__ = "merges"

    kept_id: UUID
    merged_id: UUID
    merged_at: datetime = Field(default_factory=now, sa_column=moment())
    undone_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    done: dict[str, Any] = Field(sa_column=document())
