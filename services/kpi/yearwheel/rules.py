"""What is due when, by the plans and the surveys. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.kpi.definition.days import stretches
from services.kpi.definition.goal import Goal
from services.kpi.definition.measures import Milestone, PerWindow
from services.kpi.definition.plan import Plan
from services.kpi.milestones.rules import STAYED, Course, redirected


class Kind(StrEnum):
    GOAL = "goal"
    """The last day on which it counts."""
    GOAL_WINDOW = "goal_window"
    """The last day of one of the quarters, months or half-years that a goal asks for."""
    SURVEY_OPENED = "survey_opened"
    SURVEY_LAST_DAY = "survey_last_day"
    """Of one that is open: until then it is answered."""
    SURVEY_CLOSED = "survey_closed"


@dataclass(frozen=True, slots=True)
class Due:
    """One thing on the wheel."""

    on: date
    kind: Kind
    plan: str | None
    """None for a survey, which may serve several plans."""
    id: str
    """The goal's number in its plan, or the survey's name."""
    title: str
    title_en: str
    window: str | None
    told: datetime
    """When it was last decided, and how often: a calendar takes what it has for the same until these say otherwise."""
    version: int
    moved_from: date | None = None
    """The day the plan had given a milestone that was moved."""
    dropped: bool = False

    @property
    def uid(self) -> str:
        """The same for ever, also when the day moves."""
        return "-".join(part for part in (self.kind, self.plan, self.id, self.window) if part)


def of_plan(plan: Plan, adopted: datetime, version: int, courses: Mapping[str, Course] | None = None) -> Iterator[Due]:
    """`courses`: by goal what was decided about its milestone. A dropped one stays on the wheel, and says so."""
    for goal in plan.goals:
        course = (courses or {}).get(goal.id, STAYED) if isinstance(goal.measure, Milestone) else STAYED
        told = max(adopted, course.last or adopted)
        for window, day in _days(redirected(goal, course)):
            kind = Kind.GOAL_WINDOW if window else Kind.GOAL
            yield Due(
                day, kind, plan.id, goal.id, goal.statement, goal.statement_en, window, told,
                version + course.decisions, course.moved_from, course.dropped is not None,
            )  # fmt: skip


def _days(goal: Goal) -> Iterator[tuple[str | None, date]]:
    """Whoever asks for something each quarter is not served by a reminder in December."""
    if isinstance(goal.measure, PerWindow) and goal.starts is not None:
        for stretch in stretches(goal.starts, goal.ends, goal.measure.window):
            yield stretch.name, stretch.last
    else:
        yield None, goal.ends


def by_month(dues: Iterable[Due], year: int) -> dict[int, list[Due]]:
    """All twelve months, the empty ones too."""
    wheel: dict[int, list[Due]] = {month: [] for month in range(1, 13)}
    for due in in_order(dues):
        if due.on.year == year:
            wheel[due.on.month].append(due)
    return wheel


def in_order(dues: Iterable[Due]) -> list[Due]:
    # A stable sort: goals of one day stay in the plan's own order.
    return sorted(dues, key=lambda due: (due.on, due.plan or ""))
