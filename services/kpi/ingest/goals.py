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
        plan = Plan.model_validate(row.definition)
        for goal in plan.goals:
            if GoalKey(row.tenant, row.plan, goal.id) in wanted:
                listeners += compile_goal(row.tenant, plan, goal, spoken())
    return Registry(version, listeners)
