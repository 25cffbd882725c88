"""How a goal stands, judged from its numbers and today's date. Pure; the counter proposes, people decide."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from services.kpi.counting.reading import Reading
from services.kpi.counting.windows import Lateness
from services.kpi.definition.days import Stretch, months_after
from services.kpi.definition.goal import Comparison

Result = Literal["reached", "mostly_reached", "not_reached", "changed", "not_started", "too_few"]
Time = Lateness
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Aim:
    """What is aimed at, as far as judging needs it."""

    target: Decimal
    starts: date | None
    """None for what has no pace, only a target at a date: a level, a step, a ceiling."""
    due: date
    mostly: Decimal
    """The share that "reached for the most part" asks for; the plan's, because the source names none."""
    unit: str
    unit_en: str
    comparison: Comparison = "at_least"
    target_min: Decimal | None = None
    late_months: int = 3
    too_few: Decimal = NOTHING
    """A trend between numbers smaller than this says nothing."""
    windows: tuple[Stretch, ...] = ()
    """Where windows are counted: each of them. The pace then goes by whole windows."""
    unit_one: str | None = None
    unit_one_en: str | None = None

    @property
    def floor(self) -> Decimal:
        """The least that reaches it; of "2-3" that is 2."""
        return self.target if self.target_min is None else self.target_min

    @property
    def is_trend(self) -> bool:
        return self.comparison in ("increase", "decrease")


def standing(value: Decimal | None, events: int) -> Reading:
    return Reading(value, None, events, None)


def result(aim: Aim, value: Decimal | None, events: int, today: date) -> Result:
    return judge(aim, standing(value, events), today)


def judge(aim: Aim, reading: Reading, today: date) -> Result:
    """Reached is reached at any time; while a goal runs, the rest is judged against the pace needed today."""
    if not reading.events:
        return "not_started"
    if aim.is_trend:
        return _trend(aim, reading, today)
    value = reading.value
    if value is None:
        return "not_started"
    if aim.comparison == "at_most":
        return "reached" if value <= aim.target else "not_reached"
    if value >= aim.floor:
        return "not_reached" if is_over(aim, value) else "reached"
    return "mostly_reached" if value >= aim.mostly * expected(aim, today) else "not_reached"


def is_over(aim: Aim, value: Decimal | None) -> bool:
    """Whether it became more than was planned; only a ceiling says that more is not better."""
    return value is not None and aim.comparison in ("at_most", "between") and value > aim.target


def _trend(aim: Aim, reading: Reading, today: date) -> Result:
    now, before = reading.counted, reading.compared_with
    if now is None or before is None or max(now, before) < aim.too_few:
        return "too_few"
    moved = now - before if aim.comparison == "increase" else before - now
    running = aim.starts is not None and today <= aim.due
    if moved > 0 and moved >= aim.target and not (running and aim.comparison == "decrease"):
        return "reached"
    if running and aim.comparison == "increase":
        on_pace = now >= aim.mostly * (before + aim.target) * elapsed(aim, today)
    elif running:
        # A number of a period can only grow, so that a fall is certain when the period is over, and not before.
        on_pace = now <= (before - aim.target) * elapsed(aim, today)
    else:
        on_pace = aim.target > 0 and moved >= aim.mostly * aim.target
    return "mostly_reached" if on_pace else "not_reached"


def expected(aim: Aim, today: date) -> Decimal:
    """Where the number should be tonight to be at the target on the due date, in equal steps a day or a window."""
    if today >= aim.due:
        return aim.floor
    if aim.windows:
        return aim.floor * sum(1 for each in aim.windows if each.last <= today) / Decimal(len(aim.windows))
    return aim.floor * elapsed(aim, today)


def elapsed(aim: Aim, today: date) -> Decimal:
    """The share of the period that is over tonight; all of it for what has no pace."""
    if aim.starts is None or today >= aim.due:
        return Decimal(1)
    return Decimal(max(0, (today - aim.starts).days + 1)) / Decimal((aim.due - aim.starts).days + 1)


def time(aim: Aim, judged: Result, today: date, reached: Lateness | None = None) -> Time:
    """By the day it was reached, where that can be after the due date; else by how long it has been due.

    Three whole months late is late, and less is slightly late.
    """
    if judged == "reached":
        # Elsewhere facts after the due date never count, so what is reached was reached in time.
        return reached or "on_time"
    if today <= aim.due or not has_schedule(aim, judged):
        return "on_time"
    return "slightly_late" if today < months_after(aim.due, aim.late_months) else "late"


def has_schedule(aim: Aim, judged: Result) -> bool:
    """A ceiling is kept or broken; what can't be judged, or is no longer asked for, can't be late."""
    return aim.comparison != "at_most" and judged not in ("too_few", "changed")
