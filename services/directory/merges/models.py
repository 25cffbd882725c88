"""The table of what was merged: which two, and everything that has to be known to take it back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from services.directory.freshness.rules import EntryKind
from services.directory.models import Thing, document
from shared.aggregate import listed, moment
from shared.clock import now


class Merge(Thing, table=True):
    __tablename__ = "merges"

    kind: EntryKind = Field(default=EntryKind.ORGANISATION, sa_column=listed(EntryKind))
    kept_id: UUID
    merged_id: UUID
    merged_at: datetime = Field(default_factory=now, sa_column=moment())
    undone_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    done: dict[str, Any] = Field(sa_column=document())
