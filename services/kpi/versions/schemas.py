"""What is asked and answered about the versions of a plan."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from services.kpi.definition.plan import Year
from services.kpi.goals.schemas import Number
from services.kpi.versions.rules import ChangeKind
from shared.validation import Answer, Body


class WrittenPlan(Body):
    yaml: Annotated[str, Field(min_length=1, max_length=500_000)]


class AdoptYear(Body):
    year: Year
    reason: Annotated[str, Field(min_length=1, max_length=500)] | None = None


class FieldChangeAnswer(Answer):
    field: str
    before: Any
    after: Any


class ChangeAnswer(Answer):
    """What becomes of one goal."""

    goal: str
    kind: ChangeKind
    redefined: bool
    """≠: what was promised, or how it is counted, is another. Otherwise it is only told in other words."""
    fields: list[FieldChangeAnswer]
    reason: str | None
    value: Number | None
    """What it has come to under the definition it has now, or had until then. Of people it is staff's to see."""


class ForeseenChange(ChangeAnswer):
    recounted: bool
    """Whether its whole history is read anew."""
    would_be: Number | None
    """What it has come to under the new definition; None for a retired goal, and where it could not be found out."""


class DifferenceAnswer(Answer):
    """How the plan that was sent differs from the one the centre goes by."""

    plan: str
    version: int | None
    """The version the centre goes by now; None where it does not go by this plan yet."""
    adopted: bool
    """Whether this request changed anything."""
    wants_reason: bool
    """Goals are changed or retired, and nobody has said why: it cannot be adopted like this."""
    values_known: bool
    """Whether `would_be` could be counted; not when the log is away or too long to wait for."""
    unchanged: int
    changes: list[ForeseenChange]


class VersionAnswer(Answer):
    version: int
    year: int
    adopted_at: datetime
    adopted_by: str | None
    """For the centre's own people only; None also where the plan came with Kompas."""
    reason: str | None
    added: int
    changed: int
    retired: int


class VersionShown(VersionAnswer):
    yaml: str
    """As it was written; otherwise written from what is stored."""
    changes: list[ChangeAnswer]
