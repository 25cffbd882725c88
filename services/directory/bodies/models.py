"""The bodies' table: boards, councils and groups that somebody is appointed to."""

from datetime import date
from uuid import UUID

from sqlmodel import Field

from services.directory.models import Thing
from shared.aggregate import listed
from shared.events.registers import BodyKind


class Body(Thing, table=True):
    __tablename__ = "bodies"

    kind: BodyKind = Field(sa_column=listed(BodyKind))
    slug: str
    name: str
    # Whose body it is; none means the centre's own.
    organisation_id: UUID | None = None
    established_on: date
    dissolved_on: date | None = None
