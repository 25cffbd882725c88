"""Funders' deadlines as they are sent and answered."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import field_validator

from services.directory.inputs import Website
from services.directory.schemas import ThingAnswer
from shared.errors import Wrong
from shared.inputs import Day, Line, Paragraphs
from shared.validation import Body


class NewDeadline(Body):
    """`yearly`: the day after, it stands a year later."""

    organisation_id: UUID
    title: Line
    due_on: Day
    note: Paragraphs = ""
    website: Website | None = None
    yearly: bool = False


class DeadlineChange(Body):
    """Only the fields that are sent change."""

    title: Line | None = None
    due_on: Day | None = None
    note: Paragraphs | None = None
    website: Website | None = None
    yearly: bool | None = None

    @field_validator("title", "due_on", "note", "yearly")
    @classmethod
    def _kept(cls, value: Any) -> Any:
        if value is None:
            raise Wrong("skal udfyldes", "is required")
        return value


class DeadlineAnswer(ThingAnswer):
    organisation_id: UUID
    title: str
    due_on: date
    note: str
    website: str | None
    yearly: bool
