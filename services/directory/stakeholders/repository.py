"""Every question about registers."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.stakeholders.models import Stakeholder
from shared.errors import NotFound
from shared.paging import PageRequest, paginate


async def get(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Stakeholder:
    query = select(Stakeholder).where(Stakeholder.tenant == tenant, Stakeholder.id == id)
    if stakeholder := (await session.exec(query.with_for_update() if lock else query)).first():
        return stakeholder
    raise NotFound


async def page(
    session: AsyncSession, tenant: str, register: str | None, removed: bool, paging: PageRequest
) -> tuple[Sequence[Stakeholder], str | None]:
    query = select(Stakeholder).where(Stakeholder.tenant == tenant)
    if register:
        query = query.where(Stakeholder.in_register == register)
    if not removed:
        query = query.where(col(Stakeholder.removed_on).is_(None))
    return await paginate(session, query, Stakeholder.id, paging)
