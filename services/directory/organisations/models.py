"""The organisations' table."""

from datetime import date, datetime

from sqlmodel import Field

from services.directory.models import Entry, modified
from shared.aggregate import listed
from shared.events.kinds import NetworkLife, OrganisationKind, Sector


class Organisation(Entry, table=True):
    __tablename__ = "organisations"

    name: str
    kind: OrganisationKind = Field(sa_column=listed(OrganisationKind))
    sector: Sector = Field(sa_column=listed(Sector))
    locality: str | None = None
    cvr: str | None = None
    closed_on: date | None = None
    modified_at: datetime = Field(default=None, sa_column=modified())
    description: str = ""
    website: str | None = None
    public_email: str | None = None
    public_phone: str | None = None
    size: int | None = None
    address: str | None = None
    postcode: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    life: NetworkLife | None = Field(default=None, sa_column=listed(NetworkLife, nullable=True))
