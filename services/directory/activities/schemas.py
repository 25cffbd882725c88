"""Activities as they are sent and answered."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field, field_validator

from services.directory.rules import State
from services.directory.schemas import EntryAnswer
from shared.errors import Wrong
from shared.inputs import DayOfOld, Languages, Line, Paragraphs, Place, Reason, Words
from shared.validation import Body


class NewActivity(Body):
    organisation_id: UUID
    title: Line
    description: Paragraphs = ""
    themes: Words = Field(default_factory=list)
    target_groups: Words = Field(default_factory=list)
    languages: Languages = Field(default_factory=list)
    locality: Place | None = None


class ActivityChange(Body):
    """Only the fields that are sent change."""

    title: Line | None = None
    description: Paragraphs | None = None
    themes: Words | None = None
    target_groups: Words | None = None
    languages: Languages | None = None
    locality: Place | None = None

    @field_validator("title", "description", "themes", "target_groups", "languages")
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
    state: State
    published_on: date | None
    withdrawn_on: date | None
