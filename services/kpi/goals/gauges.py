"""Goals for those who run Kompas: enough that a rule can tell "behind" from "nothing arrives any more"."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from prometheus_client import CollectorRegistry, Gauge
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi import repository as adopted
from services.kpi.counting.keys import GoalKey
from services.kpi.counting.reading import Reading, read
from services.kpi.definition.plan import Plan
from services.kpi.goals import repository, rules
from services.kpi.goals.judging import aim_of
from services.kpi.goals.standin import stand_ins
from services.kpi.milestones.standing import Milestones
from shared.clock import start_of_day, today

GOAL = ("tenant", "plan", "goal")
# Two facts have one gap between them, and one gap is no rhythm.
FACTS_OF_A_RHYTHM = 3


class Standing(NamedTuple):
    """A goal today, as far as a dashboard or an alert needs it."""

    key: GoalKey
    theme: str
    statement: str
    aim: rules.Aim
    reading: Reading
    day: date
    dropped: bool = False

    @property
    def result(self) -> rules.Result:
        return "changed" if self.dropped else rules.judge(self.aim, self.reading, self.day)

    @property
    def is_running(self) -> bool:
        return self.aim.starts is not None and self.aim.starts <= self.day <= self.aim.due

    @property
    def usual_gap(self) -> float | None:
        """Seconds between one fact and the next, on average; None where there is no rhythm that could be broken."""
        starts, newest, facts = self.aim.starts, self.reading.as_of, self.reading.events
        if starts is None or newest is None or facts < FACTS_OF_A_RHYTHM or not self.is_running:
            return None
        return max(0.0, (newest - start_of_day(starts)).total_seconds()) / facts


async def standings(session: AsyncSession) -> list[Standing]:
    """Every goal of every centre, one that is being counted anew as it stood before."""
    tallies, found = await repository.tallies(session), []
    held = {(state.tenant, state.plan) for state in await adopted.goals(session) if state.before is not None}
    milestones = await Milestones.read(session)
    for row in await adopted.plans(session):
        plan = Plan.model_validate(row.definition)
        before = await stand_ins(session, row.tenant, [plan]) if (row.tenant, row.plan) in held else {}
        for now in plan.goals:
            key = GoalKey(row.tenant, row.plan, now.id)
            goal, numbers = before.get(key) or (now, tallies.get(key, ()))
            due, reading, course = milestones.as_decided(plan, key, goal, read(goal, numbers))
            dropped, theme = course.dropped is not None, plan.themes[goal.theme]
            found.append(Standing(key, theme, goal.statement, aim_of(plan, due), reading, today(), dropped))
    return found


class GoalGauges:
    """A number that there is none of has no sample: Prometheus would take any other for a measurement."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def gauge(name: str, about: str, *more: str) -> Gauge:
            return Gauge(f"kpi_goal_{name}", about, (*GOAL, *more), registry=registry)

        self._info = gauge("info", "1 for each goal: its theme and its words.", "theme", "statement")
        self._value = gauge("value", "How far a goal is.")
        self._target = gauge("target", "What a goal aims at.")
        self._expected = gauge("expected", "Where a running goal should be tonight to be reached when due.")
        self._result = gauge("result", "1 for what the counter makes of a goal today.", "result")
        self._newest = gauge("last_fact_timestamp_seconds", "The time of the newest fact behind a goal.")
        self._gap = gauge("usual_gap_seconds", "From fact to fact of a running goal, on average.")

    def show(self, goals: Iterable[Standing]) -> None:
        for gauge in (self._info, self._value, self._target, self._expected, self._result, self._newest, self._gap):
            gauge.clear()
        for goal in goals:
            self._info.labels(*goal.key, goal.theme, goal.statement).set(1)
            self._result.labels(*goal.key, goal.result).set(1)
            _set(self._value, goal.key, goal.reading.value)
            _set(self._target, goal.key, goal.aim.target)
            _set(self._newest, goal.key, goal.reading.as_of)
            _set(self._gap, goal.key, goal.usual_gap)
            if goal.is_running and not goal.aim.is_trend:
                _set(self._expected, goal.key, rules.expected(goal.aim, goal.day))


def _set(gauge: Gauge, key: GoalKey, number: Decimal | float | datetime | None) -> None:
    if number is not None:
        gauge.labels(*key).set(number.timestamp() if isinstance(number, datetime) else float(number))
