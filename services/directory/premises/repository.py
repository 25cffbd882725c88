"""Every question about premises."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.inputs import Accessibility
from services.directory.premises.models import Premises
from services.directory.replaced import standing
from services.directory.rules import Freshness
from shared.errors import NotFound, StaleVersion
from shared.paging import PageRequest, paginate


@dataclass(frozen=True)
class Filters:
    organisation_id: UUID | None = None
    locality: str | None = None
    postcode: str | None = None
    accessibility: Sequence[Accessibility] = ()
    closed: bool = False


async def row(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Premises | None:
    """The entry of this very id, even if it went into another one."""
    query = select(Premises).where(Premises.tenant == tenant, Premises.id == id)
    return (await session.exec(query.with_for_update() if lock else query)).first()


async def find(session: AsyncSession, tenant: str, id: UUID) -> Premises | None:
    """An old id answers with the entry that its own went into."""
    found = await row(session, tenant, id)
    while found and found.replaced_by:
        found = await row(session, tenant, found.replaced_by)
    return found


async def get(session: AsyncSession, tenant: str, id: UUID) -> Premises:
    if premises := await find(session, tenant, id):
        return premises
    raise NotFound


async def held(session: AsyncSession, tenant: str, id: UUID) -> Premises:
    """The entry that an id stands for, locked."""
    premises = await row(session, tenant, await standing(session, Premises, tenant, id), lock=True)
    if premises is None:
        raise NotFound
    if premises.replaced_by:
        raise StaleVersion  # Merged since we looked; whoever asks again finds where it is.
    return premises


async def open_of(session: AsyncSession, tenant: str, organisation_id: UUID) -> Sequence[Premises]:
    """Those that have not closed, locked, in an order that all who lock several agree on."""
    query = select(Premises).where(
        Premises.tenant == tenant, Premises.organisation_id == organisation_id, col(Premises.closed_on).is_(None)
    )
    return (await session.exec(query.order_by(col(Premises.id)).with_for_update())).all()


async def page(
    session: AsyncSession, tenant: str, filters: Filters, paging: PageRequest
) -> tuple[Sequence[Premises], str | None]:
    query = select(Premises).where(Premises.tenant == tenant, Premises.freshness != Freshness.HIDDEN)
    if not filters.closed:
        query = query.where(col(Premises.closed_on).is_(None))
    if filters.organisation_id:
        query = query.where(Premises.organisation_id == filters.organisation_id)
    if filters.locality:
        query = query.where(func.lower(Premises.locality) == filters.locality.lower())
    if filters.postcode:
        query = query.where(Premises.postcode == filters.postcode)
    if filters.accessibility:
        query = query.where(col(Premises.accessibility).contains([each.value for each in filters.accessibility]))
    return await paginate(session, query, Premises.id, paging)
