"""Activities as they are sent and answered."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, field_validator

from services.directory.activities.rules import HINTS
from services.directory.activities.schedules import Schedules
from services.directory.inputs import (
    AccessibilityWords,
    DescribedTexts,
    Latitude,
    Longitude,
    Postcode,
    StreetAddress,
    Translations,
    Website,
)
from services.directory.rules import State
from services.directory.schemas import EntryAnswer
from shared.errors import Language, Wrong
from shared.events.kinds import Form
from shared.inputs import Day, DayOfOld, Languages, Line, Paragraphs, Place, Reason, Words
from shared.validation import Answer, Body

Price = Annotated[int, Field(ge=0, le=100_000)]


class _Details(Body):
    """What may be said later: a title is enough to begin with."""

    locality: Place | None = None
    price: Price | None = None
    website: Website | None = None
    premises_id: UUID | None = None
    address: StreetAddress | None = None
    postcode: Postcode | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    publish_on: Day | None = None
    expires_on: Day | None = None


class NewActivity(_Details):
    organisation_id: UUID
    title: Line
    description: Paragraphs = ""
    themes: Words = Field(default_factory=list)
    target_groups: Words = Field(default_factory=list)
    languages: Languages = Field(default_factory=list)
    form: Form = Form.PHYSICAL
    accessibility: AccessibilityWords = Field(default_factory=list)
    schedules: Schedules = Field(default_factory=list)
    how_to_join: Paragraphs = ""
    companion_welcome: bool = False
    volunteers_wanted: bool = False
    translations: Translations[DescribedTexts] = Field(default_factory=dict)


class ActivityChange(_Details):
    """Only the fields that are sent change."""

    title: Line | None = None
    description: Paragraphs | None = None
    themes: Words | None = None
    target_groups: Words | None = None
    languages: Languages | None = None
    form: Form | None = None
    accessibility: AccessibilityWords | None = None
    schedules: Schedules | None = None
    how_to_join: Paragraphs | None = None
    companion_welcome: bool | None = None
    volunteers_wanted: bool | None = None
    translations: Translations[DescribedTexts] | None = None

    @field_validator(
        "title",
        "description",
        "themes",
        "target_groups",
        "languages",
        "form",
        "accessibility",
        "schedules",
        "how_to_join",
        "companion_welcome",
        "volunteers_wanted",
        "translations",
    )
    @classmethod
    def _kept(cls, value: Any) -> Any:
        if value is None:
            raise Wrong("skal udfyldes", "is required")
        return value


class Publishing(Body):
    published_on: DayOfOld | None = None


class Withdrawing(Body):
    withdrawn_on: DayOfOld | None = None
    reason: Reason | None = None


class ActivityAnswer(EntryAnswer):
    organisation_id: UUID
    title: str
    description: str
    themes: list[str]
    target_groups: list[str]
    languages: list[str]
    locality: str | None
    form: Form
    price: int | None
    accessibility: list[str]
    schedules: list[dict[str, Any]]
    how_to_join: str
    website: str | None
    companion_welcome: bool
    volunteers_wanted: bool
    premises_id: UUID | None
    address: str | None
    postcode: str | None
    latitude: float | None
    longitude: float | None
    translations: dict[str, dict[str, str]]
    state: State
    published_on: date | None
    withdrawn_on: date | None
    publish_on: date | None
    expires_on: date | None
    source: str | None
    replaced_by: UUID | None


class Hint(Answer):
    field: str
    question: str


class Completeness(Answer):
    """How much of what citizens ask is answered, from 0 to 1, and what is not."""

    share: float
    hints: list[Hint]

    @classmethod
    def of(cls, missing: Sequence[str], language: Language) -> Self:
        return cls(
            share=round(1 - len(missing) / len(HINTS), 2),
            hints=[Hint(field=field, question=HINTS[field].read(language)) for field in missing],
        )
