"""Every question about what a plan was."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.models import GoalChange, PlanVersion
from shared.errors import NotFound


async def versions(session: AsyncSession, tenant: str, plan: str) -> Sequence[PlanVersion]:
    """The newest first."""
    query = select(PlanVersion).where(PlanVersion.tenant == tenant, PlanVersion.plan == plan)
    return (await session.exec(query.order_by(col(PlanVersion.version).desc()))).all()


async def version(session: AsyncSession, tenant: str, plan: str, number: int) -> PlanVersion:
    if found := await session.get(PlanVersion, (tenant, plan, number)):
        return found
    raise NotFound


async def before(session: AsyncSession, row: PlanVersion) -> PlanVersion | None:
    return await session.get(PlanVersion, (row.tenant, row.plan, row.version - 1))


async def changes(session: AsyncSession, tenant: str, plan: str) -> Mapping[int, Sequence[GoalChange]]:
    """By version."""
    query = select(GoalChange).where(GoalChange.tenant == tenant, GoalChange.plan == plan)
    found: dict[int, list[GoalChange]] = defaultdict(list)
    for row in (await session.exec(query.order_by(col(GoalChange.version), col(GoalChange.position)))).all():
        found[row.version].append(row)
    return found
