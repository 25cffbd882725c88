"""Premises as they are sent and answered. Everything answered here is public."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, field_validator

from services.directory.inputs import (
    AccessibilityWords,
    Latitude,
    Longitude,
    NamedTexts,
    Postcode,
    StreetAddress,
    Translations,
)
from services.directory.schemas import EntryAnswer, Name
from shared.errors import Wrong
from shared.inputs import Day, Paragraphs, Place
from shared.validation import Body


class _Details(Body):
    address: StreetAddress | None = None
    postcode: Postcode | None = None
    locality: Place | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    capacity: Annotated[int, Field(ge=1, le=100_000)] | None = None
    resource_id: UUID | None = None


class NewPremises(_Details):
    organisation_id: UUID | None = None
    name: Name
    description: Paragraphs = ""
    accessibility: AccessibilityWords = Field(default_factory=list)
    translations: Translations[NamedTexts] = Field(default_factory=dict)
    registered_on: Day | None = None


class PremisesChange(_Details):
    """Only the fields that are sent change."""

    name: Name | None = None
    description: Paragraphs | None = None
    accessibility: AccessibilityWords | None = None
    translations: Translations[NamedTexts] | None = None

    @field_validator("name", "description", "accessibility", "translations")
    @classmethod
    def _kept(cls, value: Any) -> Any:
        if value is None:
            raise Wrong("skal udfyldes", "is required")
        return value


class Closing(Body):
    closed_on: Day | None = None


class PremisesAnswer(EntryAnswer):
    organisation_id: UUID | None
    name: str
    description: str
    address: str | None
    postcode: str | None
    locality: str | None
    latitude: float | None
    longitude: float | None
    capacity: int | None
    accessibility: list[str]
    resource_id: UUID | None
    translations: dict[str, dict[str, str]]
    registered_on: date
    closed_on: date | None
    source: str | None
    replaced_by: UUID | None
