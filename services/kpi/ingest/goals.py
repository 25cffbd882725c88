"""The goals as they stand in the database, compiled for counting."""

from collections.abc import Collection
from functools import lru_cache

import msgspec
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi import repository
from services.kpi.counting.compile import compile_goal
from services.kpi.counting.counter import Listener
from services.kpi.counting.keys import GoalKey
from services.kpi.counting.registry import Registry
from services.kpi.definition.plan import Plan
from services.kpi.definition.vocabulary import spoken
from services.kpi.models import GoalStatus


async def live(session: AsyncSession) -> Registry:
    """Every goal that has its history."""
    statuses = await repository.goals(session)
    return await compiled(
        session, {GoalKey(row.tenant, row.plan, row.goal) for row in statuses if row.status is GoalStatus.LIVE}
    )


async def compiled(session: AsyncSession, wanted: Collection[GoalKey]) -> Registry:
    version = await repository.version(session)
    listeners: list[tuple[str, Listener]] = []
    for row in await repository.plans(session):
        for goal, found in _listeners(row.tenant, msgspec.json.encode(row.definition)):
            if GoalKey(row.tenant, row.plan, goal) in wanted:
                listeners += found
    return Registry(version, listeners)


# Counting waits while goals are compiled, a hundredth of a second a plan; most plans are as they were the last time.
@lru_cache(maxsize=1_000)
def _listeners(tenant: str, definition: bytes) -> list[tuple[str, list[tuple[str, Listener]]]]:
    plan = Plan.model_validate(msgspec.json.decode(definition))
    return [
        (goal.id, [(wire, each) for wire, each in compile_goal(tenant, plan, goal, spoken())]) for goal in plan.goals
    ]
