"""Where goals stood at the end of a day, with the facts behind it: from what is stored, or from the log."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.counting.keys import GoalKey
from services.kpi.counting.reading import Reading, read
from services.kpi.definition.plan import Goal, Plan
from services.kpi.goals.repository import tallies
from services.kpi.receipts.beside import Past
from services.kpi.reports import repository
from services.kpi.reports.rules import FactKey, Facts, until
from shared.clock import start_of_day


@dataclass(frozen=True, slots=True)
class Stood:
    reading: Reading
    receipts: list[dict[str, Any]]

    @property
    def facts(self) -> Facts:
        return {FactKey(row["part"], row["dimension"], row["event_id"]): row["amount"] for row in self.receipts}


async def standing_on(
    session: AsyncSession, past: Past, tenant: str, plan: Plan, goals: Iterable[Goal], day: date
) -> Mapping[str, Stood]:
    """By goal. A goal that holds facts from after that day is counted from the log as if the day had been its last.

    Raises `CannotRecount` when such a goal is wanted and the log cannot be read.
    """
    wanted = list(goals)
    later = await repository.moved_on(session, tenant, plan.id, start_of_day(day + timedelta(days=1)))
    anew = [goal for goal in wanted if goal.id in later and goal.ends > day]
    found = await _read(session, tenant, plan, [goal for goal in wanted if goal not in anew])
    cut = [shorter for goal in anew if (shorter := until(goal, day)) is not None]
    if cut:
        async with past.counted(tenant, plan, cut) as counted, counted.session() as beside:
            found |= await _read(beside, tenant, plan, cut)
    # What had not begun by then had come to nothing.
    return {goal.id: Stood(read(goal, ()), []) for goal in anew} | found


async def _read(session: AsyncSession, tenant: str, plan: Plan, goals: list[Goal]) -> dict[str, Stood]:
    numbers = await tallies(session, tenant, plan.id)
    receipts: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in await repository.receipts(session, tenant, plan.id, [goal.id for goal in goals]):
        receipts[row["goal"]].append(row)
    return {
        goal.id: Stood(read(goal, numbers.get(GoalKey(tenant, plan.id, goal.id), ())), receipts[goal.id])
        for goal in goals
    }
