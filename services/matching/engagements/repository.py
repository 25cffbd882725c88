"""Every question about engagements. Each names the tenant, although row-level security would hide the others' rows."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.matching.engagements.models import Engagement
from services.matching.engagements.rules import EngagementState
from shared.errors import NotFound
from shared.paging import PageRequest, paginate


async def get(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Engagement:
    query = select(Engagement).where(Engagement.tenant == tenant, Engagement.id == id)
    if engagement := (await session.exec(query.with_for_update() if lock else query)).first():
        return engagement
    raise NotFound


async def page(
    session: AsyncSession, tenant: str, paging: PageRequest, *, company_id: UUID | None, state: EngagementState | None
) -> tuple[Sequence[Engagement], str | None]:
    query = select(Engagement).where(Engagement.tenant == tenant)
    if company_id:
        query = query.where(Engagement.company_id == company_id)
    if state:
        query = query.where(Engagement.state == state)
    return await paginate(session, query, Engagement.id, paging)
