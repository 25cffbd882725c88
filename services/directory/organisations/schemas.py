"""Organisations as they are sent and answered. Everything answered here is public."""

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, field_validator
from stdnum.dk import cvr as cvr_number
from stdnum.exceptions import ValidationError

from services.directory.schemas import EntryAnswer, Name
from shared.errors import Wrong
from shared.events.kinds import OrganisationKind, Sector
from shared.inputs import DayOfOld, Place
from shared.validation import Body


def _checked(value: str) -> str:
    try:
        return str(cvr_number.validate(value))
    except ValidationError:
        raise Wrong("er ikke et gyldigt CVR-nummer", "is not a valid CVR number") from None


Cvr = Annotated[str, AfterValidator(_checked)]


class NewOrganisation(Body):
    name: Name
    kind: OrganisationKind
    sector: Sector
    locality: Place | None = None
    cvr: Cvr | None = None


class OrganisationChange(Body):
    """Only the fields that are sent change."""

    name: Name | None = None
    kind: OrganisationKind | None = None
    sector: Sector | None = None
    locality: Place | None = None
    cvr: Cvr | None = None

    @field_validator("name", "kind", "sector")
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
