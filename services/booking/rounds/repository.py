"""Every question about rounds and wishes. Each names the tenant, although row-level security would hide the others'."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.rounds.models import Round, Wish
from shared.errors import NotFound
from shared.paging import PageRequest, paginate


async def get(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Round:
    """Who writes a wish locks its round, so that none comes in while it is decided."""
    query = select(Round).where(Round.tenant == tenant, Round.id == id)
    if found := (await session.exec(query.with_for_update() if lock else query)).first():
        return found
    raise NotFound


async def page(session: AsyncSession, tenant: str, paging: PageRequest) -> tuple[Sequence[Round], str | None]:
    return await paginate(session, select(Round).where(Round.tenant == tenant), Round.id, paging)


async def wishes(session: AsyncSession, round: Round, organisation_id: UUID | None = None) -> Sequence[Wish]:
    """All of them, or an association's own; in the order in which they came."""
    query = select(Wish).where(Wish.tenant == round.tenant, Wish.round_id == round.id)
    if organisation_id:
        query = query.where(Wish.organisation_id == organisation_id)
    return (await session.exec(query.order_by(col(Wish.id)))).all()


async def wish(session: AsyncSession, round: Round, id: UUID) -> Wish:
    """Its round is locked, and with it the wish."""
    query = select(Wish).where(Wish.tenant == round.tenant, Wish.round_id == round.id, Wish.id == id)
    if found := (await session.exec(query)).first():
        return found
    raise NotFound


async def of_contact(session: AsyncSession, tenant: str, contact_id: UUID) -> Sequence[Wish]:
    return (await session.exec(select(Wish).where(Wish.tenant == tenant, Wish.contact_id == contact_id))).all()
