"""Organisations as they are sent and answered. Everything answered here is public."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field, field_validator
from stdnum.dk import cvr as cvr_number
from stdnum.exceptions import ValidationError

from services.directory.inputs import (
    Latitude,
    Longitude,
    NamedTexts,
    Phone,
    Postcode,
    PublicEmail,
    StreetAddress,
    Translations,
    Website,
)
from services.directory.schemas import EntryAnswer, Name
from shared.errors import Wrong
from shared.events.kinds import NetworkLife, OrganisationKind, Sector
from shared.inputs import DayOfOld, Paragraphs, Place
from shared.validation import Body


def _checked(value: str) -> str:
    try:
        return str(cvr_number.validate(value))
    except ValidationError:
        raise Wrong("er ikke et gyldigt CVR-nummer", "is not a valid CVR number") from None


Cvr = Annotated[str, AfterValidator(_checked)]


class _Details(Body):
    locality: Place | None = None
    cvr: Cvr | None = None
    website: Website | None = None
    public_email: PublicEmail | None = None
    public_phone: Phone | None = None
    size: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    address: StreetAddress | None = None
    postcode: Postcode | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    life: NetworkLife | None = None


class NewOrganisation(_Details):
    name: Name
    kind: OrganisationKind
    sector: Sector
    description: Paragraphs = ""
    translations: Translations[NamedTexts] = Field(default_factory=dict)


class OrganisationChange(_Details):
    """Only the fields that are sent change."""

    name: Name | None = None
    kind: OrganisationKind | None = None
    sector: Sector | None = None
    description: Paragraphs | None = None
    translations: Translations[NamedTexts] | None = None

    @field_validator("name", "kind", "sector", "description", "translations")
    @classmethod
    def _kept(cls, value: Any) -> Any:
        if value is None:
            raise Wrong("skal udfyldes", "is required")
        return value


class Closing(Body):
    closed_on: DayOfOld | None = None


class OrganisationAnswer(EntryAnswer):
    name: str
    kind: OrganisationKind
    sector: Sector
    locality: str | None
    cvr: str | None
    closed_on: date | None
    description: str
    website: str | None
    public_email: str | None
    public_phone: str | None
    size: int | None
    address: str | None
    postcode: str | None
    latitude: float | None
    longitude: float | None
    life: NetworkLife | None
    translations: dict[str, dict[str, str]]
    source: str | None
    replaced_by: UUID | None
