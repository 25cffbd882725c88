"""Bodies and answers about observations."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.kpi.goals.schemas import Number
from shared.events.words import Key
from shared.inputs import DayOfOld
from shared.validation import Answer, Body

# Far beyond any count of people, and small enough to be added up exactly.
BOUND = Decimal(10) ** 12


class NewObservation(Body):
    series: Key
    value: Annotated[Decimal, Field(ge=-BOUND, le=BOUND, decimal_places=6)]
    observed_on: DayOfOld | None = None
    evidence: Annotated[str, Field(min_length=1, max_length=500)] | None = None


class Retraction(Body):
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class ObservationAnswer(Answer):
    id: UUID
    version: int
    series: str
    value: Number
    observed_on: date
    evidence: str | None
    recorded_by: str
    recorded_at: datetime
    retracted_at: datetime | None
    retract_reason: str | None


class ImportedLine(Answer):
    """A line of the file as it was understood."""

    line: int
    series: str
    value: Number
    observed_on: date
    evidence: str | None
    new: bool
    """False when the centre has this number of this series and day already, or the file has it twice."""


class LineMistake(Answer):
    line: int
    field: str
    da: str
    en: str


class ImportAnswer(Answer):
    dry_run: bool
    new: int
    """How many numbers are recorded, or would be."""
    known: int
    lines: list[ImportedLine]
    errors: list[LineMistake]
    """Why lines cannot be used. Only a dry run has any: with one mistake nothing is recorded."""
