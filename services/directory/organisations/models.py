"""The organisations' table."""

from datetime import date

from sqlmodel import Field

from services.directory.models import Thing
from shared.aggregate import listed
from shared.events.kinds import OrganisationKind, Sector


class Organisation(Thing, table=True):
    __tablename__ = "organisations"

    name: str
    kind: OrganisationKind = Field(sa_column=listed(OrganisationKind))
    sector: Sector = Field(sa_column=listed(Sector))
    locality: str | None = None
    cvr: str | None = None
    closed_on: date | None = None
