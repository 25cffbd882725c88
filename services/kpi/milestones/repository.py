"""Every question about milestones."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.milestones.models import Milestone
from shared.errors import NotFound
from shared.paging import PageRequest, paginate


async def add(session: AsyncSession, milestone: Milestone) -> bool:
    """False when the goal has one that stands; a second one at the same time waits here and loses."""
    statement = insert(Milestone).values(milestone.model_dump())
    taken = statement.on_conflict_do_nothing(
        index_elements=["tenant", "plan", "goal"], index_where=col(Milestone.retracted_at).is_(None)
    )
    return (await session.exec(taken.returning(col(Milestone.id)))).first() is not None


async def get(session: AsyncSession, tenant: str, milestone_id: UUID, *, lock: bool = False) -> Milestone:
    query = select(Milestone).where(Milestone.tenant == tenant, Milestone.id == milestone_id)
    found = (await session.exec(query.with_for_update() if lock else query)).first()
    if found is None:
        raise NotFound
    return found


async def page(
    session: AsyncSession, tenant: str, paging: PageRequest, plan: str | None
) -> tuple[Sequence[Milestone], str | None]:
    query = select(Milestone).where(Milestone.tenant == tenant)
    if plan is not None:
        query = query.where(Milestone.plan == plan)
    return await paginate(session, query, Milestone.id, paging)
