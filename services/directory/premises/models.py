"""The premises' table: where associations can be, and what kind of body can get in there."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field

from services.directory.models import Entry, modified, words


class Premises(Entry, table=True):
    __tablename__ = "premises"

    organisation_id: UUID | None = None
    name: str
    description: str = ""
    address: str | None = None
    postcode: str | None = None
    locality: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    capacity: int | None = None
    accessibility: list[str] = Field(default_factory=list, sa_column=words())
    # The room in booking that it is borrowed as, if it is.
    resource_id: UUID | None = None
    registered_on: date
    closed_on: date | None = None
    modified_at: datetime = Field(default=None, sa_column=modified())
