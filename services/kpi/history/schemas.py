"""What is answered about a goal's way to where it stands."""

from datetime import date
from typing import Literal

from services.kpi.goals.schemas import Number
from services.kpi.history.rules import By
from services.kpi.models import GoalStatus
from shared.validation import Answer


class PointAnswer(Answer):
    date: date
    """The last day of the day, week or month."""
    value: Number | None
    """At that day's end in Denmark; None where nobody had observed anything yet, where nothing had been published,
    and where it was too small to be shown."""
    shown: str | None
    """Of a goal that counts people, as it was shown to everybody: "1–4"."""


class HistoryAnswer(Answer):
    plan: str
    goal: str
    by: By
    unit: str
    unit_en: str
    shows: Literal["value", "counted"]
    """Of a trend, `counted`: the number whose change is the goal's value."""
    items: list[PointAnswer]
    target: Number | None
    """Where the curve should end; of a trend the number that would be change enough."""
    target_min: Number | None
    compared_with: Number | None
    pace: list[PointAnswer]
    """What is needed by each day, through the due date. Empty for what has no pace: a level, a step, a ceiling."""
    status: GoalStatus
    """While the goal's own history is still being read, the curve is not whole."""
