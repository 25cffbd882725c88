"""The windows of a goal: its period, the parts of it, the year before, and how late something came."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from services.kpi.counting.counter import Window
from services.kpi.definition.days import months_after, move
from services.kpi.definition.goal import Goal
from shared.clock import start_of_day

Lateness = Literal["on_time", "slightly_late", "late"]
LATENESS: tuple[Lateness, ...] = ("on_time", "slightly_late", "late")
# Facts of later years are refused at the door (`ingest/decode.py`).
NEVER = date(2201, 1, 1)


def between(first: date | None, last: date) -> Window:
    return Window(first, last, start_of_day(first) if first else None, start_of_day(last + timedelta(days=1)))


def of_goal(goal: Goal) -> Window:
    return between(goal.starts, goal.ends)


def level(window: Window) -> Window:
    """Whatever entered before counts: a level has no beginning."""
    return replace(window, first=None, since=None)


def year_before(goal: Goal) -> Window:
    return between(move(goal.starts, -1) if goal.starts else None, move(goal.ends, -1))


def by_lateness(goal: Goal, slightly_late_months: int) -> Iterator[tuple[Lateness, Window]]:
    """In time, less than so many months late, and later: exactly so many months late is late."""
    late = months_after(goal.ends, slightly_late_months)
    yield "on_time", between(goal.starts, goal.ends)
    if slightly_late_months:
        yield "slightly_late", between(goal.ends + timedelta(days=1), late - timedelta(days=1))
        yield "late", between(late, NEVER)
    else:
        yield "late", between(goal.ends + timedelta(days=1), NEVER)
