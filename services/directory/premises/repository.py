"""Every question about premises."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.inputs import Accessibility
from services.directory.premises.models import Premises
from services.directory.rules import Freshness
from shared.errors import NotFound
from shared.paging import PageRequest, paginate


@dataclass(frozen=True)
class Filters:
    organisation_id: UUID | None = None
    locality: str | None = None
    postcode: str | None = None
    accessibility: Sequence[Accessibility] = ()
    closed: bool = False


async def find(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Premises | None:
    query = select(Premises).where(Premises.tenant == tenant, Premises.id == id)
    return (await session.exec(query.with_for_update() if lock else query)).first()


async def get(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Premises:
    if premises := await find(session, tenant, id, lock=lock):
        return premises
    raise NotFound


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
