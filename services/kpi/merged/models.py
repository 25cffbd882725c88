"""Which organisations turned out to be one, as far as the directory's events have told."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from services.kpi.models import Table
from shared.aggregate import moment


class MergedOrganisation(Table, table=True):
    __tablename__ = "merged_organisations"
    tenant: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    sequence: int
    """Of the newest event about it. An older one that was redriven later changes nothing."""
    merged_into: UUID
    stands: bool
    """Whether it still is merged: a merge can be taken back."""
    changed_at: datetime = Field(sa_column=moment())
