"""What is asked and answered about reports."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.kpi.goals.schemas import Number
from services.kpi.reports.rules import Cause
from shared.inputs import Day
from shared.validation import Answer, Body


class NewReport(Body):
    reporting_date: Day
    title: Annotated[str, Field(min_length=1, max_length=200)] | None = None


class FactChangeAnswer(Answer):
    event_id: UUID
    cause: Cause
    before: Number | None
    """What the fact added when it was reported; None where it was not there."""
    after: Number | None


class RestatementAnswer(Answer):
    """A reported number that would be another one today, for the same reporting date."""

    goal: str
    causes: list[Cause]
    before: Number | None
    after: Number | None
    known: bool
    """Whether `after` could be counted; not while the log is out of reach, nor while a history is read."""
    reason: str | None
    """Of a new definition: the reason that was given for it."""
    facts: list[FactChangeAnswer]
    """At most 100 of them."""


class ReportAnswer(Answer):
    id: UUID
    plan: str
    plan_version: int
    title: str
    reporting_date: date
    frozen_at: datetime
    frozen_by: str


class ReportShown(ReportAnswer):
    goals: list[dict[str, Any]]
    """Each goal as it was answered for the reporting date when the report was frozen."""
    restatements: list[RestatementAnswer]
