"""Initiatives as they are sent and answered."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.directory.schemas import ThingAnswer
from shared.inputs import DayOfOld, Line, Word
from shared.validation import Body


class NewInitiative(Body):
    title: Line
    partner_ids: Annotated[list[UUID], Field(min_length=1, max_length=50)]
    area: Word | None = None
    started_on: DayOfOld | None = None


class Ending(Body):
    ended_on: DayOfOld | None = None


class InitiativeAnswer(ThingAnswer):
    title: str
    partner_ids: list[UUID]
    area: str | None
    started_on: date
    ended_on: date | None
