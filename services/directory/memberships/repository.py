"""Every question about memberships."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.memberships.models import Membership
from shared.errors import NotFound
from shared.events.directory import MembershipKind
from shared.paging import PageRequest, paginate


@dataclass(frozen=True)
class Filters:
    organisation_id: UUID | None = None
    kind: MembershipKind | None = None
    open: bool | None = None


async def get(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Membership:
    query = select(Membership).where(Membership.tenant == tenant, Membership.id == id)
    if membership := (await session.exec(query.with_for_update() if lock else query)).first():
        return membership
    raise NotFound


async def open_of(session: AsyncSession, tenant: str, organisation_id: UUID) -> Sequence[Membership]:
    """Those that have not ended, locked, in an order that all who lock several agree on."""
    query = select(Membership).where(
        Membership.tenant == tenant,
        Membership.organisation_id == organisation_id,
        col(Membership.ended_on).is_(None),
    )
    return (await session.exec(query.order_by(col(Membership.id)).with_for_update())).all()


async def page(
    session: AsyncSession, tenant: str, filters: Filters, paging: PageRequest
) -> tuple[Sequence[Membership], str | None]:
    query = select(Membership).where(Membership.tenant == tenant)
    if filters.organisation_id:
        query = query.where(Membership.organisation_id == filters.organisation_id)
    if filters.kind:
        query = query.where(Membership.kind == filters.kind)
    if filters.open is not None:
        still_open = col(Membership.ended_on).is_(None)
        query = query.where(still_open if filters.open else ~still_open)
    return await paginate(session, query, Membership.id, paging)
