"""Every question about gatherings. Each names the tenant, although row-level security would hide the others' rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.gatherings.models import Gathering
from services.booking.gatherings.rules import GatheringState
from shared.errors import NotFound
from shared.events.booking import GatheringKind
from shared.paging import PageRequest, paginate


@dataclass(frozen=True)
class Filters:
    internal_too: bool
    first: datetime | None = None
    until: datetime | None = None
    kind: GatheringKind | None = None
    state: GatheringState | None = None
    locality: str | None = None


async def get(session: AsyncSession, tenant: str, id: UUID, *, internal_too: bool, lock: bool = False) -> Gathering:
    query = select(Gathering).where(Gathering.tenant == tenant, Gathering.id == id)
    gathering = (await session.exec(query.with_for_update() if lock else query)).first()
    if gathering is None or (gathering.internal and not internal_too):
        raise NotFound
    return gathering


async def page(
    session: AsyncSession, tenant: str, filters: Filters, paging: PageRequest
) -> tuple[Sequence[Gathering], str | None]:
    query = select(Gathering).where(Gathering.tenant == tenant)
    if not filters.internal_too:
        query = query.where(col(Gathering.internal).is_(False))
    if filters.first:
        query = query.where(Gathering.starts_at >= filters.first)
    if filters.until:
        query = query.where(Gathering.starts_at < filters.until)
    for column, wanted in (
        (Gathering.kind, filters.kind),
        (Gathering.state, filters.state),
        (Gathering.locality, filters.locality),
    ):
        if wanted:
            query = query.where(col(column) == wanted)
    return await paginate(session, query, Gathering.id, paging)
