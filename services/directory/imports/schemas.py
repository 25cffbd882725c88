"""Imports as they are asked for and answered."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, model_validator

from services.directory.imports.headings import FIELDS, NEEDED
from services.directory.imports.rules import FileFormat, Outcome, Progress, Wish
from services.directory.schemas import ThingAnswer
from shared.errors import Wrong
from shared.validation import Answer, Body


class ImportChange(Body):
    """`columns`: the field that each column of the file fills, or null; all of them, in order."""

    columns: list[str | None] | None = None
    publish: bool | None = None

    @model_validator(mode="after")
    def _mapped(self) -> "ImportChange":
        fields = [each for each in self.columns or () if each]
        if unknown := next((each for each in fields if each not in FIELDS), None):
            raise Wrong("nævner et felt, der ikke findes", "names a field that does not exist") from KeyError(unknown)
        if len({*fields}) < len(fields):
            raise Wrong("bruger et felt to gange", "uses a field twice")
        if self.columns is not None and NEEDED["organisation"] not in fields:
            raise Wrong("skal sige, hvor navnet står", "must say where the name stands")
        return self


class LineDecision(Body):
    """`same`: it is the organisation `same_as`; without it the one that the preview found."""

    decision: Wish
    same_as: UUID | None = None


class Adoption(Body):
    """What becomes of lines that may be somebody who is here, where nobody has decided line by line."""

    possible: Annotated[Wish, Field(description="`skip` or `add`")] = Wish.SKIP


class Column(Answer):
    """`examples` are the first things that stand in it, until the file is adopted."""

    heading: str
    field: str | None
    examples: list[str]


class FieldName(Answer):
    field: str
    name: str


class ImportAnswer(ThingAnswer):
    """`done` of `lines` have been adopted; `counts` says of how many lines what becomes of them."""

    source: str
    format: FileFormat
    state: Progress
    publish: bool
    lines: int
    done: int
    counts: dict[str, int]
    columns: list[Column]
    fields: list[FieldName]
    created_at: datetime
    adopted_at: datetime | None


class ImportSummary(ThingAnswer):
    source: str
    format: FileFormat
    state: Progress
    lines: int
    done: int
    created_at: datetime
    adopted_at: datetime | None


class FindingAnswer(Answer):
    """What is wrong with a field and why, or what it changes from and to; `column` is the file's own heading."""

    field: str
    column: str | None
    message: str | None
    before: Any
    after: Any


class LineAnswer(Answer):
    number: int
    label: str
    outcome: Outcome
    findings: list[FindingAnswer]
    same_as: UUID | None
    score: int | None
    decision: Wish | None
    organisation_id: UUID | None
    activity_id: UUID | None
    premises_id: UUID | None


class LinesAnswer(Answer):
    items: list[LineAnswer]
    next_cursor: str | None
