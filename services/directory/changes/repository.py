"""Every question about changes."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.changes.models import Change, Kind
from services.directory.changes.rules import OPEN, State
from shared.errors import NotFound
from shared.paging import PageRequest, paginate


async def get(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Change:
    query = select(Change).where(Change.tenant == tenant, Change.id == id)
    if change := (await session.exec(query.with_for_update() if lock else query)).first():
        return change
    raise NotFound


async def open_of(session: AsyncSession, tenant: str, entry_id: UUID) -> Change | None:
    """The one that is being written or waits, locked."""
    query = select(Change).where(Change.tenant == tenant, Change.entry_id == entry_id, col(Change.state).in_(OPEN))
    return (await session.exec(query.with_for_update())).first()


async def page(
    session: AsyncSession,
    tenant: str,
    organisation_id: UUID | None,
    state: State | None,
    kind: Kind | None,
    paging: PageRequest,
) -> tuple[Sequence[Change], str | None]:
    query = select(Change).where(Change.tenant == tenant)
    if organisation_id:
        query = query.where(Change.organisation_id == organisation_id)
    if state:
        query = query.where(Change.state == state)
    if kind:
        query = query.where(Change.kind == kind)
    return await paginate(session, query, Change.id, paging)
