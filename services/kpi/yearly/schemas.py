"""What is answered about a centre's year."""

from datetime import date, datetime

from services.kpi.goals.rules import Result
from services.kpi.goals.schemas import Number
from services.kpi.yearly.rules import Made, State
from shared.validation import Answer


class FigureAnswer(Answer):
    id: str
    section: str
    label: str
    label_en: str
    value: Number | None
    """None where it was not counted, which is not the same as none: `why` says how to get it."""
    unit: str
    unit_en: str
    state: State
    made: Made | None
    """Whether events, observations or a survey's answers make the number."""
    plan: str | None
    goal: str | None
    """The goal that counts it: its evidence is the number's."""
    series: str | None
    """The series of observations that has it."""
    as_of: date | None
    """The day of the newest fact behind it."""
    why: str
    """What it rests on; where there is no number, how to get one."""
    why_en: str
    stated: str
    """Where the sources name the figure."""


class PlanOfYear(Answer):
    """How a plan's year went, as its follow-up table tells it goal by goal."""

    plan: str
    title: str
    title_en: str
    goals: int
    results: dict[Result, int]


class YearlyReport(Answer):
    year: int
    made: datetime
    complete: bool
    """Whether the year is over."""
    sections: dict[str, str]
    sections_en: dict[str, str]
    figures: list[FigureAnswer]
    plans: list[PlanOfYear]
