"""What is answered about the year wheel (årshjul)."""

from datetime import date

from services.kpi.yearwheel.rules import Kind
from shared.validation import Answer


class DueAnswer(Answer):
    on: date
    kind: Kind
    plan: str | None
    """None for a survey, which may serve several plans."""
    id: str
    """The goal's number in its plan, or the survey's name."""
    title: str
    title_en: str
    window: str | None
    """Which quarter, month or half-year, where a goal asks for something in each."""
    moved_from: date | None
    """The day the plan had given a milestone that was moved."""
    dropped: bool
    """A milestone that was given up; it stays on the wheel."""


class MonthAnswer(Answer):
    month: int
    due: list[DueAnswer]


class WheelAnswer(Answer):
    year: int
    months: list[MonthAnswer]
    """All twelve."""
