"""Every question about bodies."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.bodies.models import Body
from shared.errors import NotFound
from shared.events.registers import BodyKind
from shared.paging import PageRequest, paginate


async def find(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Body | None:
    query = select(Body).where(Body.tenant == tenant, Body.id == id)
    return (await session.exec(query.with_for_update() if lock else query)).first()


async def get(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Body:
    if body := await find(session, tenant, id, lock=lock):
        return body
    raise NotFound


async def page(
    session: AsyncSession, tenant: str, kind: BodyKind | None, dissolved: bool, paging: PageRequest
) -> tuple[Sequence[Body], str | None]:
    query = select(Body).where(Body.tenant == tenant)
    if kind:
        query = query.where(Body.kind == kind)
    if not dissolved:
        query = query.where(col(Body.dissolved_on).is_(None))
    return await paginate(session, query, Body.id, paging)
