"""The goals as they stand in the database, compiled for counting."""

from collections.abc import Collection

from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi import repository
from services.kpi.counting.compile import compile_goal
from services.kpi.counting.counter import Listener
from services.kpi.counting.keys import GoalKey
from services.kpi.counting.registry import Registry
from services.kpi.definition.plan import Plan
from services.kpi.definition.vocabulary import spoken
from services.kpi.merged.repository import merged
from services.kpi.models import AdoptedPlan
from services.kpi.repository import Edition


async def live(session: AsyncSession) -> Registry:
    """Every goal that has its history."""
    return await compiled(session, set(await repository.live(session)))


async def compiled(session: AsyncSession, wanted: Collection[GoalKey]) -> Registry:
    version = await repository.version(session)
    asked = {(key.tenant, key.plan) for key in wanted}
    plans = {each.id: each for each in await repository.editions(session) if (each.tenant, each.plan) in asked}
    for row in await repository.plans_of(session, [id for id, each in plans.items() if each not in _compiled]):
        # It may have changed since the line before; then the registry's version is another one, too, and we come again.
        plans[row.id] = Edition(row.tenant, row.plan, row.id, row.version)
        _compiled[plans[row.id]] = _listeners(row)
    listeners: list[tuple[str, Listener]] = []
    for each in plans.values():
        for goal, found in _compiled[each]:
            if GoalKey(each.tenant, each.plan, goal) in wanted:
                listeners += found
    return Registry(version, listeners, await merged(session))


# Counting waits while goals are read and compiled, a hundredth of a second a plan; most are as they were the last time.
# What is superseded stays: a plan changes a few times in a process's life.
_compiled: dict[Edition, list[tuple[str, list[tuple[str, Listener]]]]] = {}


def _listeners(row: AdoptedPlan) -> list[tuple[str, list[tuple[str, Listener]]]]:
    plan = Plan.model_validate(row.definition)
    return [(goal.id, list(compile_goal(row.tenant, plan, goal, spoken()))) for goal in plan.goals]
