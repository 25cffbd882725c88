"""Partners as they are sent and answered."""

from datetime import date
from typing import Annotated, Any

from pydantic import Field, StringConstraints, field_validator

from services.directory.partners.rules import Accepted
from services.directory.schemas import Name, ThingAnswer
from shared.errors import Wrong
from shared.validation import Body

Source = Annotated[
    str,
    StringConstraints(pattern=r"^/[!-.0-~][!-~]*$", max_length=200),
    Field(description="What its events call themselves: `/faxe/directory`."),
]
Accepts = Annotated[
    list[Accepted], Field(min_length=1, max_length=20, description="The types of events that are taken from it.")
]


class NewPartner(Body):
    source: Source
    name: Name
    accepts: Accepts = Field(default_factory=lambda: list(Accepted))


class PartnerChange(Body):
    """Only the fields that are sent change."""

    name: Name | None = None
    accepts: Accepts | None = None

    @field_validator("name", "accepts")
    @classmethod
    def _kept(cls, value: Any) -> Any:
        if value is None:
            raise Wrong("skal udfyldes", "is required")
        return value


class PartnerAnswer(ThingAnswer):
    source: str
    name: str
    accepts: list[str]
    ended_on: date | None
