"""Every question about funders' deadlines."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.funders.models import Deadline
from shared.errors import NotFound
from shared.paging import PageRequest, paginate


async def get(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Deadline:
    query = select(Deadline).where(Deadline.tenant == tenant, Deadline.id == id, col(Deadline.removed_on).is_(None))
    if deadline := (await session.exec(query.with_for_update() if lock else query)).first():
        return deadline
    raise NotFound


async def page(
    session: AsyncSession,
    tenant: str,
    organisation_id: UUID | None,
    first: date | None,
    last: date | None,
    paging: PageRequest,
) -> tuple[Sequence[Deadline], str | None]:
    query = select(Deadline).where(Deadline.tenant == tenant, col(Deadline.removed_on).is_(None))
    if organisation_id:
        query = query.where(Deadline.organisation_id == organisation_id)
    if first:
        query = query.where(Deadline.due_on >= first)
    if last:
        query = query.where(Deadline.due_on <= last)
    return await paginate(session, query, Deadline.id, paging)
