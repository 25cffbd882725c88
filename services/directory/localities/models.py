"""The localities' table: towns, districts and villages as the centre names them."""

from enum import StrEnum
from uuid import UUID

from sqlmodel import Field

from services.directory.models import Thing, words
from shared.aggregate import listed


class LocalityKind(StrEnum):
    MUNICIPALITY = "municipality"
    TOWN = "town"
    DISTRICT = "district"
    VILLAGE = "village"


class Locality(Thing, table=True):
    __tablename__ = "localities"

    name: str
    kind: LocalityKind = Field(sa_column=listed(LocalityKind))
    part_of: UUID | None = None
    postcodes: list[str] = Field(default_factory=list, sa_column=words())
    latitude: float | None = None
    longitude: float | None = None
