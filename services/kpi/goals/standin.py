"""A changed goal while its new history is read: as it was asked and as far as it was, until the new number is whole."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi import repository as adopted
from services.kpi.counting.keys import GoalKey
from services.kpi.counting.reading import Tally
from services.kpi.definition.plan import Goal, Plan

StandIns = Mapping[GoalKey, tuple[Goal, list[Tally]]]


def kept(tally: Tally) -> list[Any]:
    """A number as it is put aside."""
    return [tally.part, tally.dimension, str(tally.value), tally.as_of and tally.as_of.isoformat(), tally.events]


async def stand_ins(session: AsyncSession, tenant: str, plans: Iterable[Plan]) -> StandIns:
    """Of these plans the goals that are shown as before, with the numbers they had come to."""
    found: dict[GoalKey, tuple[Goal, list[Tally]]] = {}
    held_back = await adopted.held_back(session, tenant)
    for plan in plans:
        held = {key.goal: before for key, before in held_back.items() if key.plan == plan.id}
        if not held:
            continue
        was = await adopted.definitions(session, tenant, plan.id, (each["version"] for each in held.values()))
        for goal in plan.goals:
            if goal.id in held:
                before = held[goal.id]
                former = next(each for each in Plan.model_validate(was[before["version"]]).goals if each.id == goal.id)
                # It stands where the plan has it now: its old theme may be gone.
                moved = former.model_copy(update={"theme": goal.theme})
                found[GoalKey(tenant, plan.id, goal.id)] = moved, [_tally(each) for each in before["tallies"]]
    return found


def _tally(stored: list[Any]) -> Tally:
    part, dimension, value, as_of, events = stored
    return Tally(part, dimension, Decimal(value), as_of and datetime.fromisoformat(as_of), events)
