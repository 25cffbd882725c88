"""Which associations are members, as far as the directory's events have told: ids, and nothing else of them."""

from uuid import UUID

from sqlmodel import Field

from services.kpi.models import Table


class Membership(Table, table=True):
    __tablename__ = "memberships"
    tenant: str
    id: UUID = Field(primary_key=True)
    sequence: int
    """Of the newest event about it. An older one that was redriven later changes nothing."""
    organisation_id: UUID
    stands: bool
