"""Every question about organisations. Each names the tenant, although row-level security hides the others."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.organisations.models import Organisation
from services.directory.organisations.rules import NAMED_IN_EVENTS
from services.directory.rules import Freshness
from shared.errors import NotFound
from shared.events.kinds import OrganisationKind, Sector
from shared.paging import PageRequest, paginate


@dataclass(frozen=True)
class Filters:
    kind: OrganisationKind | None = None
    sector: Sector | None = None
    locality: str | None = None
    q: str | None = None
    closed: bool = False


async def row(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Organisation | None:
    """The entry of this very id, even if it went into another one."""
    query = select(Organisation).where(Organisation.tenant == tenant, Organisation.id == id)
    return (await session.exec(query.with_for_update() if lock else query)).first()


async def find(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Organisation | None:
    """An old id answers with the entry that its own went into."""
    found = await row(session, tenant, id, lock=lock)
    while found and found.replaced_by:
        found = await row(session, tenant, found.replaced_by, lock=lock)
    return found


async def current(session: AsyncSession, tenant: str, id: UUID | None) -> UUID | None:
    """The id by which lists know the organisation that somebody names, perhaps by an old one."""
    found = await find(session, tenant, id) if id else None
    return found.id if found else id


async def get(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Organisation:
    if organisation := await find(session, tenant, id, lock=lock):
        return organisation
    raise NotFound


async def those_of(session: AsyncSession, tenant: str, ids: Sequence[UUID]) -> dict[UUID, Organisation]:
    """Each by the id it was asked for; two ids of one are the same entry twice."""
    query = select(Organisation).where(Organisation.tenant == tenant, col(Organisation.id).in_(ids))
    found = {organisation.id: organisation for organisation in (await session.exec(query)).all()}
    return {id: await get(session, tenant, id) if each.replaced_by else each for id, each in found.items()}


async def public_bodies(session: AsyncSession, tenants: Collection[str]) -> dict[str, set[str]]:
    """By centre, the names of municipal and regional organisations: the departments that it has listed."""
    query = select(Organisation.tenant, Organisation.name).where(
        col(Organisation.tenant).in_(tenants),
        col(Organisation.kind).in_(NAMED_IN_EVENTS),
        col(Organisation.closed_on).is_(None),
    )
    found: dict[str, set[str]] = {}
    for tenant, name in (await session.exec(query)).all():
        found.setdefault(tenant, set()).add(name)
    return found


async def page(
    session: AsyncSession, tenant: str, filters: Filters, paging: PageRequest
) -> tuple[Sequence[Organisation], str | None]:
    query = select(Organisation).where(Organisation.tenant == tenant, Organisation.freshness != Freshness.HIDDEN)
    if not filters.closed:
        query = query.where(col(Organisation.closed_on).is_(None))
    if filters.kind:
        query = query.where(Organisation.kind == filters.kind)
    if filters.sector:
        query = query.where(Organisation.sector == filters.sector)
    if filters.locality:
        query = query.where(func.lower(Organisation.locality) == filters.locality.lower())
    for word in (filters.q or "").split():
        query = query.where(col(Organisation.name).icontains(word, autoescape=True))
    return await paginate(session, query, Organisation.id, paging)
