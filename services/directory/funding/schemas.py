"""Letters about funders' deadlines as they are asked for and answered, and when a centre wants them written."""

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from shared.errors import Wrong
from shared.validation import Answer, Body

DaysBefore = Annotated[int, Field(ge=1, le=90)]


class PolicyBody(Body):
    """How many days before a deadline associations are told of it, and told once more; null: not at all."""

    first: DaysBefore | None
    last: DaysBefore | None

    @model_validator(mode="after")
    def _in_order(self) -> "PolicyBody":
        if self.first is not None and self.last is not None and self.last >= self.first:
            raise Wrong("'last' skal være færre dage end 'first'", "'last' must be fewer days than 'first'")
        return self


class PolicyAnswer(Answer):
    first: int | None
    last: int | None


class Wanted(Body):
    """Whether the letters go on."""

    wanted: bool


class ComingDeadline(Answer):
    title: str
    funder: str
    due_on: date
    note: str
    website: str | None


class LetterAnswer(Answer):
    """What the page behind a letter's link shows: every deadline that can still be met."""

    language: str
    wanted: bool
    deadlines: list[ComingDeadline]
