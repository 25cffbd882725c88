"""A milestone that was moved or dropped, and what that makes of its goal. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from services.kpi.counting.keys import GoalKey
from services.kpi.counting.reading import Reading
from services.kpi.counting.windows import Lateness
from services.kpi.definition.days import months_after
from services.kpi.definition.goal import Goal


@dataclass(frozen=True, slots=True)
class Turn:
    """One decision that stands: another day, or (without one) that it is dropped."""

    id: UUID
    due_before: date
    due: date | None
    reason: str
    decided_role: str
    decided_at: datetime

    @property
    def kind(self) -> str:
        return "dropped" if self.due is None else "moved"


@dataclass(frozen=True, slots=True)
class Course:
    """What was decided about a milestone since the plan gave it a day, in order."""

    turns: tuple[Turn, ...]
    decisions: int
    """How often anything was decided or undone, and when last: a calendar must hear of each time."""
    last: datetime | None

    @property
    def due(self) -> date | None:
        """The day it was last given; None where the plan's own stands."""
        return next((turn.due for turn in reversed(self.turns) if turn.due is not None), None)

    @property
    def dropped(self) -> Turn | None:
        return self.turns[-1] if self.turns and self.turns[-1].due is None else None

    @property
    def moved_from(self) -> date | None:
        """The day the plan had given it."""
        return self.turns[0].due_before if self.due is not None else None


STAYED = Course((), 0, None)
Courses = Mapping[GoalKey, Course]


def due_of(goal: Goal, course: Course) -> date:
    return course.due or goal.ends


def redirected(goal: Goal, course: Course) -> Goal:
    """The goal as it is due now. It is counted as the plan has it: a step counts whenever it is taken."""
    if course.due is None:
        return goal
    if goal.period is None:
        return goal.model_copy(update={"due": course.due})
    return goal.model_copy(update={"period": goal.period.model_copy(update={"end": course.due})})


def reread(reading: Reading, course: Course, taken: date | None, late_months: int) -> Reading:
    """In time or late by the day it has now; the windows of counting go by the plan's."""
    if course.due is None or taken is None or not reading.value:
        return reading
    return replace(reading, lateness=_lateness(taken, course.due, late_months))


def _lateness(taken: date, due: date, late_months: int) -> Lateness:
    if taken <= due:
        return "on_time"
    return "slightly_late" if taken < months_after(due, late_months) else "late"


def latest(turns: Sequence[Turn]) -> Turn | None:
    """Decisions are undone in the order in which they can be: the newest first."""
    return turns[-1] if turns else None
