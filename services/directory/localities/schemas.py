"""Localities as they are sent and answered."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, field_validator

from services.directory.inputs import Latitude, Longitude, Postcode
from services.directory.localities.models import LocalityKind
from services.directory.schemas import ThingAnswer
from shared.errors import Wrong
from shared.inputs import Place
from shared.validation import Answer, Body


def _sorted_once(given: list[str]) -> list[str]:
    return sorted(set(given))


Postcodes = Annotated[list[Postcode], Field(max_length=100), AfterValidator(_sorted_once)]
Municipality = Literal["faxe", "kalundborg", "odense", "slagelse"]


class NewLocality(Body):
    name: Place
    kind: LocalityKind
    part_of: UUID | None = None
    postcodes: Postcodes = Field(default_factory=list)
    latitude: Latitude | None = None
    longitude: Longitude | None = None


class LocalityChange(Body):
    """Only the fields that are sent change."""

    name: Place | None = None
    kind: LocalityKind | None = None
    part_of: UUID | None = None
    postcodes: Postcodes | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None

    @field_validator("name", "kind", "postcodes")
    @classmethod
    def _kept(cls, value: Any) -> Any:
        if value is None:
            raise Wrong("skal udfyldes", "is required")
        return value


class Beginning(Body):
    municipality: Municipality


class Begun(Answer):
    """How many places were new, and how many the centre knew already."""

    added: int
    known: int


class LocalityAnswer(ThingAnswer):
    name: str
    kind: LocalityKind
    part_of: UUID | None
    postcodes: list[str]
    latitude: float | None
    longitude: float | None
