"""What is answered about plans, goals and receipts."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import PlainSerializer

from services.kpi.decisions.schemas import DecisionAnswer
from services.kpi.definition.goal import Baseline, Codes, Comparison, Kind, Source
from services.kpi.goals.rules import Result, Time
from services.kpi.models import GoalStatus
from shared.validation import Answer


def written(number: Decimal) -> int | float:
    """Whole numbers without a point: people count in whole things."""
    rounded = round(number, 2)
    return int(rounded) if rounded == int(rounded) else float(rounded)


Number = Annotated[Decimal, PlainSerializer(written, return_type=int | float)]


class PlanAnswer(Answer):
    id: UUID
    plan: str
    title: str
    title_en: str
    year: int
    version: int
    adopted_at: datetime
    goals: int


class ProgressAnswer(Answer):
    """How much of its history a goal has: `read` of `of` records of the log."""

    goal: str
    status: GoalStatus
    read: int
    of: int


class RetiredAnswer(Answer):
    """A goal that the plan has no longer; it can still be read under its id."""

    goal: str
    last_version: int
    reason: str | None


class PlanShown(PlanAnswer):
    themes: dict[str, str]
    progress: list[ProgressAnswer]
    """Goals whose history is still being read; empty when every number is whole."""
    retired: list[RetiredAnswer]


class PeriodAnswer(Answer):
    start: date | None
    end: date


class ChangedAnswer(Answer):
    """≠: the goal is not the one that was agreed at first. Both definitions are in the plan's versions."""

    version: int
    at: datetime | None
    """None where the source's own plan has it as changed."""
    reason: str | None


class ProposalAnswer(Answer):
    """What the counter makes of the numbers, whatever anybody has decided."""

    result: Result
    result_reason: str
    result_reason_en: str
    time: Time
    time_reason: str
    time_reason_en: str


class TurnAnswer(Answer):
    """What was decided about a milestone, for everybody to see; who it was stays inside."""

    id: UUID
    kind: Literal["moved", "dropped"]
    due_before: date
    due: date | None
    """None where it was dropped."""
    reason: str
    decided_role: str
    decided_at: datetime


class GoalAnswer(Answer):
    """A goal as it stands: the source's words, the number, and how it is judged today."""

    plan: str
    id: str
    theme: str
    row: str | None
    objective: str | None
    activity: str | None
    kind: Kind | None
    codes: Codes
    """The centre's roles (R), quality criteria (K) and the UN's goals (V) that the source files it under."""
    statement: str
    statement_en: str
    target: Number | None
    """None where the source has no number."""
    target_min: Number | None
    comparison: Comparison
    unit: str
    unit_en: str
    measured_by: str | None
    source: Source
    owner: str | None
    stated: str | None
    """When, in the source's own words."""
    baseline: Baseline | None
    note: str | None
    value: Number | None
    """None where there is no number to give: an empty register, a series that nobody has observed. Of a goal that
    counts people, everybody but the centre's staff sees it in steps of five, and None where it is below five."""
    shown: str | None
    """Of a goal that counts people, how its number is shown to everybody: "0", "1–4", "10"; None where `value` is
    exact, and where not even a range can be shown."""
    suppressed: bool
    """Whether there is a number too small to be shown. Staff see it."""
    counted: Number | None
    """Of a trend the number whose change is its value, and what it is compared with."""
    compared_with: Number | None
    per_dimension: dict[str, dict[str, Number | None]] | None
    """None within it: too small to be shown, or held back because the rest would tell what is."""
    as_of: datetime | None
    """The time of the newest fact behind the number; where it is shown in steps, of the newest step."""
    events: int | None
    """How many facts are behind the number; None where that would tell it."""
    period: PeriodAnswer
    due: date
    """Of a milestone that was moved, the day it has now."""
    turns: list[TurnAnswer]
    """How a milestone was moved or dropped, as far as that stands. A dropped one's result is `changed`."""
    result: Result
    """As a person has decided, or else as the counter proposes; so with the reasons and the time."""
    result_reason: str
    result_reason_en: str
    time: Time
    time_reason: str
    time_reason_en: str
    forecast: str
    forecast_en: str
    proposed: ProposalAnswer
    decision: DecisionAnswer | None
    coverage_from: datetime | None
    """The time of the earliest fact there is of the kind this goal is about: nothing older can have been counted."""
    status: GoalStatus
    definition_version: int
    """The version of the plan in which it came to be asked and counted as it is answered here. While `changed` names a
    later one, that one's history is still being read, and the goal is shown as it was."""
    changed: ChangedAnswer | None


class EvidenceAnswer(Answer):
    """A fact behind a number, and what it adds to it; never who it is about."""

    event_id: UUID
    type: str
    time: datetime
    amount: Number
    part: str
    dimension: str
