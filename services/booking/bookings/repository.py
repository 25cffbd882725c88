"""Every question about bookings. Each names the tenant, although row-level security would hide the others' rows."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.bookings.models import Booking, BookingState, Contact
from services.booking.bookings.rules import LONGEST
from services.booking.resources.models import Resource
from shared.errors import NotFound
from shared.paging import PageRequest, paginate

LONGEST_BLOCKED = LONGEST + timedelta(days=1)


async def take(session: AsyncSession, booking: Booking) -> bool:
    """Store the booking unless the database says that its time is taken; waits for whoever is just taking it.

    DO NOTHING and not an error: a transaction that has failed could not look for other times, and of many who ask at
    once none can end in a deadlock, because PostgreSQL looks before it writes.
    """
    statement = (
        insert(Booking)
        .values(booking.model_dump())
        .on_conflict_do_nothing(constraint="bookings_never_overlap")
        .returning(col(Booking.id))
    )
    return (await (await session.connection()).execute(statement)).first() is not None


async def blocked(
    session: AsyncSession, resource: Resource, after: datetime, before: datetime
) -> Sequence[Row[datetime, datetime]]:
    """The periods in which the resource is taken, buffers included."""
    query = select(col(Booking.starts_at), col(Booking.blocked_until)).where(
        Booking.tenant == resource.tenant,
        Booking.resource_id == resource.id,
        Booking.state == BookingState.CONFIRMED,
        col(Booking.blocked_until) > after,
        col(Booking.starts_at) > after - LONGEST_BLOCKED,  # So that years of history are not read for one week.
        col(Booking.starts_at) < before,
    )
    return (await (await session.connection()).execute(query)).all()


async def get(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Booking:
    query = select(Booking).where(Booking.tenant == tenant, Booking.id == id)
    if booking := (await session.exec(query.with_for_update() if lock else query)).first():
        return booking
    raise NotFound


async def contact(session: AsyncSession, tenant: str, id: UUID) -> Contact | None:
    return (await session.exec(select(Contact).where(Contact.tenant == tenant, Contact.id == id))).first()


async def page(
    session: AsyncSession,
    tenant: str,
    paging: PageRequest,
    *,
    first: datetime | None,
    until: datetime | None,
    state: BookingState | None,
    resource_id: UUID | None,
) -> tuple[Sequence[Booking], str | None]:
    query = select(Booking).where(Booking.tenant == tenant)
    if first:
        query = query.where(Booking.starts_at >= first)
    if until:
        query = query.where(Booking.starts_at < until)
    if state:
        query = query.where(Booking.state == state)
    if resource_id:
        query = query.where(Booking.resource_id == resource_id)
    return await paginate(session, query, Booking.id, paging)
