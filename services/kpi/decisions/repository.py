"""Every question about decisions."""

from collections.abc import Mapping

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.counting.keys import GoalKey
from services.kpi.decisions.models import Decision
from services.kpi.models import AdoptedPlan
from shared.database import ask

STANDING = """
select * from decisions
where tenant = %(tenant)s and withdrawn_at is null and (%(plan)s::text is null or plan = %(plan)s)
"""


async def standing(session: AsyncSession, tenant: str, plan: str | None = None) -> Mapping[GoalKey, Decision]:
    """The decision that stands, of each goal that has one. To be looked at: what is changed in them is not stored."""
    rows = await ask(session, STANDING, {"tenant": tenant, "plan": plan})
    return {GoalKey(row.tenant, row.plan, row.goal): Decision(**row._asdict()) for row in rows}


async def decide_alone(session: AsyncSession, goal: GoalKey) -> None:
    """Decisions about one plan happen one after another: the first has no row to lock."""
    query = select(AdoptedPlan.id).where(AdoptedPlan.tenant == goal.tenant, AdoptedPlan.plan == goal.plan)
    await session.exec(query.with_for_update(key_share=True))


async def of_goal(session: AsyncSession, goal: GoalKey) -> Decision | None:
    """The decision that stands, locked."""
    query = (
        select(Decision)
        .where(Decision.tenant == goal.tenant, Decision.plan == goal.plan, Decision.goal == goal.goal)
        .where(col(Decision.withdrawn_at).is_(None))
        .with_for_update()
    )
    return (await session.exec(query)).first()
