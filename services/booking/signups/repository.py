"""Every question about sign-ups. Each names the tenant, although row-level security would hide the others' rows."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, func, or_, select, tuple_
from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.bookings.models import Contact
from services.booking.gatherings.models import Gathering
from services.booking.gatherings.rules import Admission, GatheringState
from services.booking.offers.models import Offer
from services.booking.offers.rules import OfferState
from services.booking.signups.models import Signup
from services.booking.signups.rules import SignupState
from shared.errors import NotFound
from shared.paging import PageRequest, paginate

SEATED = (SignupState.CONFIRMED, SignupState.OFFERED)
ACTIVE = (*SEATED, SignupState.WAITLISTED)
MOST_ALTERNATIVES = 5


async def get(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Signup:
    query = select(Signup).where(Signup.tenant == tenant, Signup.id == id)
    if signup := (await session.exec(query.with_for_update() if lock else query)).first():
        return signup
    raise NotFound


async def gathering_of(session: AsyncSession, tenant: str, id: UUID) -> UUID:
    """Asked before anything is locked: whoever changes a sign-up locks its gathering first."""
    query = select(Signup.gathering_id).where(Signup.tenant == tenant, Signup.id == id)
    if found := (await session.exec(query)).first():
        return found
    raise NotFound


async def of(session: AsyncSession, gathering: Gathering, *states: SignupState, lock: bool = False) -> Sequence[Signup]:
    """In the order of the queue."""
    query = (
        select(Signup)
        .where(Signup.tenant == gathering.tenant, Signup.gathering_id == gathering.id, col(Signup.state).in_(states))
        .order_by(col(Signup.queued_at), col(Signup.id))
        .execution_options(populate_existing=True)
    )
    return (await session.exec(query.with_for_update() if lock else query)).all()


async def seats_taken(session: AsyncSession, gathering: Gathering) -> dict[int, datetime | None]:
    """Each with the moment until which it is only offered, if it is."""
    query = (
        select(Signup.seat, Offer.answer_by)
        .outerjoin(Offer, (col(Offer.place_id) == col(Signup.id)) & (col(Offer.state) == OfferState.STANDING))
        .where(Signup.tenant == gathering.tenant, Signup.gathering_id == gathering.id, col(Signup.seat).is_not(None))
    )
    return {seat: until for seat, until in (await session.exec(query)).all() if seat is not None}


async def waiting(session: AsyncSession, gathering: Gathering, before: Signup | None = None) -> int:
    """How many wait, or how many of them were there before somebody."""
    query = select(func.count()).where(
        Signup.tenant == gathering.tenant,
        Signup.gathering_id == gathering.id,
        Signup.state == SignupState.WAITLISTED,
    )
    if before:
        query = query.where(tuple_(col(Signup.queued_at), col(Signup.id)) < (before.queued_at, before.id))
    return (await session.exec(query)).one()


async def seat_all(session: AsyncSession, gathering: Gathering, seats: dict[UUID, int]) -> None:
    """In one statement, because two who change places have the same seat in between."""
    await (await session.connection()).execute(
        text(
            "update signups set capacity = :capacity, seat = moved.seat from signups here left join"
            " unnest(cast(:ids as uuid[]), cast(:seats as int[])) moved (id, seat) on moved.id = here.id"
            " where here.id = signups.id and signups.tenant = :tenant and signups.gathering_id = :gathering"
        ),
        {
            "capacity": gathering.capacity,
            "ids": list(seats),
            "seats": list(seats.values()),
            "tenant": gathering.tenant,
            "gathering": gathering.id,
        },
    )


async def mark_present(session: AsyncSession, gathering: Gathering, present: Sequence[UUID]) -> None:
    """Those who had a seat came, or they did not."""
    await (await session.connection()).execute(
        text(
            "update signups set attended = id = any(cast(:present as uuid[]))"
            " where tenant = :tenant and gathering_id = :gathering and state = 'confirmed'"
        ),
        {"present": list(present), "tenant": gathering.tenant, "gathering": gathering.id},
    )


async def gatherings_of(session: AsyncSession, signups: Iterable[tuple[str, UUID]]) -> Sequence[tuple[str, UUID]]:
    """What they have signed up for, in all centres; each once."""
    query = select(Signup.tenant, Signup.gathering_id).where(col(Signup.id).in_([id for _, id in signups]))
    return (await session.exec(query.distinct())).all()


async def others_like(session: AsyncSession, gathering: Gathering, now: datetime) -> Sequence[Gathering]:
    """What else is open to who got no seat here: of the same series first, then the same topic, then the same kind."""
    taken = select(func.count(col(Signup.seat))).where(Signup.gathering_id == Gathering.id).scalar_subquery()
    same_series, same_topic = Gathering.series == gathering.series, Gathering.topic == gathering.topic
    query = (
        select(Gathering)
        .where(
            Gathering.tenant == gathering.tenant,
            Gathering.id != gathering.id,
            Gathering.state == GatheringState.SCHEDULED,
            col(Gathering.internal).is_(False),
            Gathering.starts_at > now,
            or_(same_series, same_topic, Gathering.kind == gathering.kind),
            or_(
                Gathering.admission == Admission.DROP_IN,
                col(Gathering.capacity).is_(None),
                col(Gathering.capacity) > taken,
            ),
        )
        .order_by(
            func.coalesce(same_series, False).desc(),
            func.coalesce(same_topic, False).desc(),
            col(Gathering.starts_at),
            col(Gathering.id),
        )
        .limit(MOST_ALTERNATIVES)
    )
    return (await session.exec(query)).all()


async def page(
    session: AsyncSession, gathering: Gathering, state: SignupState | None, paging: PageRequest
) -> tuple[Sequence[Signup], str | None]:
    query = select(Signup).where(Signup.tenant == gathering.tenant, Signup.gathering_id == gathering.id)
    if state:
        query = query.where(Signup.state == state)
    return await paginate(session, query, Signup.id, paging)


async def contacts_of(session: AsyncSession, tenant: str, signups: Sequence[Signup]) -> dict[UUID, Contact]:
    ids = [signup.contact_id for signup in signups if signup.contact_id]
    found = (await session.exec(select(Contact).where(Contact.tenant == tenant, col(Contact.id).in_(ids)))).all()
    return {contact.id: contact for contact in found}
