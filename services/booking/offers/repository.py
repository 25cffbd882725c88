"""Every question about offers. Each names the tenant, although row-level security would hide the others' rows."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.offers.models import Offer
from services.booking.offers.rules import LineKind, OfferState


async def standing(
    session: AsyncSession, tenant: str, places: Iterable[UUID | None], *, lock: bool = False
) -> dict[UUID, Offer]:
    """What is offered to those places now, or was and nobody has ended it yet."""
    ids = [id for id in places if id]
    if not ids:
        return {}
    query = select(Offer).where(
        Offer.tenant == tenant, col(Offer.place_id).in_(ids), Offer.state == OfferState.STANDING
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return {offer.place_id: offer for offer in (await session.exec(query)).all()}


async def over(session: AsyncSession, line: LineKind, now: datetime) -> list[tuple[str, UUID]]:
    """Whose offers of that kind are over, in all centres: tenants and places."""
    query = select(Offer.tenant, Offer.place_id).where(
        Offer.line == line, Offer.state == OfferState.STANDING, col(Offer.answer_by) <= now
    )
    return list((await session.exec(query)).all())
