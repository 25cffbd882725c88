"""Every question about resources. Each names the tenant, although row-level security would hide the others' rows."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from sqlalchemy import bindparam, cast
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.resources.models import Resource
from services.booking.resources.rules import ResourceState
from shared.errors import NotFound
from shared.events.bookings import ResourceKind
from shared.paging import PageRequest, paginate

# A booking shares the row: bookings do not wait for each other, and a change or closing waits for all of them.
Lock = Literal["share", "change"]


# Made once: every booking and every look at free times begins with one of them.
BY_ID = select(Resource).where(col(Resource.tenant) == bindparam("tenant"), col(Resource.id) == bindparam("id"))
LOCKING = {None: BY_ID, "share": BY_ID.with_for_update(read=True), "change": BY_ID.with_for_update()}


async def get(session: AsyncSession, tenant: str, id: UUID, lock: Lock | None = None) -> Resource:
    found = await session.exec(LOCKING[lock], params={"tenant": tenant, "id": id})
    if resource := found.first():
        return resource
    raise NotFound


# By the transaction that wrote the row: what this process remembers is exactly what it would read again.
_MOST_REMEMBERED = 10_000
_remembered: dict[tuple[str, UUID], tuple[str, Resource]] = {}


async def remembered(session: AsyncSession, tenant: str, id: UUID, written: str) -> Resource:
    """The resource as the transaction `written` (its `xmin`) left it, which is locked: to be read and never changed."""
    known, resource = _remembered.get((tenant, id), (None, None))
    if resource is None or known != written:
        resource = await get(session, tenant, id)
        session.expunge(resource)
        if len(_remembered) >= _MOST_REMEMBERED:
            _remembered.clear()
        _remembered[tenant, id] = written, resource
    return resource


async def page(
    session: AsyncSession,
    tenant: str,
    paging: PageRequest,
    *,
    kind: ResourceKind | None,
    locality: str | None,
    seats: int | None,
    features: Sequence[str],
    parent_id: UUID | None,
    state: ResourceState | None,
) -> tuple[Sequence[Resource], str | None]:
    query = select(Resource).where(Resource.tenant == tenant)
    if kind:
        query = query.where(Resource.kind == kind)
    if locality:
        query = query.where(Resource.locality == locality)
    if seats:
        query = query.where(col(Resource.capacity) >= seats)
    if features:
        query = query.where(cast(Resource.features, JSONB).contains([*features]))
    if parent_id:
        query = query.where(Resource.parent_id == parent_id)
    if state:
        query = query.where(Resource.state == state)
    return await paginate(session, query, Resource.id, paging)
