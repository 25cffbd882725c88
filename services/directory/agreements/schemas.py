"""Agreements as they are sent and answered."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.directory.schemas import ThingAnswer
from shared.events.registers import AgreementKind
from shared.inputs import Day, Line, Paragraphs, Place, Word
from shared.validation import Body


class NewAgreement(Body):
    kind: AgreementKind
    title: Line
    party_ids: Annotated[list[UUID], Field(min_length=1, max_length=50)]
    locality: Place | None = None
    area: Word | None = None
    terms: Paragraphs = ""
    concluded_on: Day | None = None
    runs_until: Day | None = None


class Ending(Body):
    ended_on: Day | None = None


class AgreementAnswer(ThingAnswer):
    kind: AgreementKind
    title: str
    party_ids: list[UUID]
    locality: str | None
    area: str | None
    terms: str
    concluded_on: date
    runs_until: date | None
    ended_on: date | None
