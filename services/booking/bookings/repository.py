"""Every question about bookings. Each names the tenant, although row-level security would hide the others' rows."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.errors import ExclusionViolation
from sqlalchemy import Row, func, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.bookings.models import Booking, Contact
from services.booking.bookings.rules import LONGEST, BookingState
from services.booking.resources.models import Resource
from services.booking.resources.rules import Span
from shared.errors import NotFound
from shared.paging import PageRequest, paginate

# Any number that no other lock of two numbers has.
TREES = 7_302_412
# Says what the constraint says, in comparisons that an index may answer under row-level security. `since` is there so
# that years of history are not read for one week.
IN_THE_WAY = """
    tenant = :tenant and tree = :tree and span_from < :span_to and span_to > :span_from
    and blocked_from > :since and blocked_from < :end and blocked_until > :begin
    and state not in ('declined', 'cancelled')
"""
LONGEST_BLOCKED = LONGEST + timedelta(days=2)
# Put together where they lie: what touches is one period, so a full month is few rows instead of a thousand.
BLOCKED = text(f"""
    select lower(period), upper(period) from (
        select unnest(range_agg(during)) as period from bookings where {IN_THE_WAY}
        and (held_until is null or held_until > :now) and id is distinct from cast(:except_for as uuid)
    ) as periods
""")  # noqa: S608 -- Put together from constants.
# Made once and without values, as what follows: to make and compile it takes longer than to execute it.
INSERT = insert(Booking).on_conflict_do_nothing(constraint="bookings_never_overlap").returning(col(Booking.id))
INSERT_CONTACT = insert(Contact)
EXPIRED = text(f"select 1 from bookings where {IN_THE_WAY} and held_until <= :now limit 1")  # noqa: S608
SWEEP = text(f"delete from bookings where {IN_THE_WAY} and held_until <= :now")  # noqa: S608


async def take(session: AsyncSession, booking: Booking, now: datetime) -> bool:
    """Store the booking unless the database says that its time is taken; waits for whoever is just taking it.

    A hold that has expired is in nobody's way, although it is still there: whoever runs into it removes it.
    """
    if await _insert(session, booking):
        return True
    where = _where(booking.tenant, booking.span, booking.blocked_from, booking.blocked_until) | {"now": now}
    connection = await session.connection()
    if (await connection.execute(EXPIRED, where)).first():
        await lock_tree(session, booking.span)
        await connection.execute(SWEEP, where)
    # Again in any case: somebody may have removed an expired hold between the first attempt and the look.
    return await _insert(session, booking)


async def _insert(session: AsyncSession, booking: Booking) -> bool:
    """DO NOTHING and not an error: a transaction that has failed could not look for other times, and of many who ask
    at once none can end in a deadlock, because PostgreSQL looks before it writes."""
    return (await (await session.connection()).execute(INSERT, booking.model_dump())).first() is not None


async def take_many(session: AsyncSession, bookings: Sequence[Booking]) -> list[Booking]:
    """Store those whose time nobody has, in one statement, and return them. Their tree is locked and swept."""
    rows = [booking.model_dump() for booking in bookings]
    stored = {id for (id,) in await (await session.connection()).execute(INSERT, rows)}
    return [booking for booking in bookings if booking.id in stored]


async def move(session: AsyncSession, booking: Booking, to: dict[str, Any]) -> bool:
    """Change the booking's times if the new ones are free but for itself. Its tree is locked.

    The way back is a savepoint: an UPDATE has no DO NOTHING, and a failed transaction could not look for other times.
    """
    try:
        async with session.begin_nested():
            for name, value in to.items():
                setattr(booking, name, value)
            await session.flush()
    except IntegrityError as error:
        if not isinstance(error.orig, ExclusionViolation):
            raise
        await session.refresh(booking)
        return False
    return True


async def lock_tree(session: AsyncSession, span: Span) -> None:
    """For whoever writes more than one row that the constraint watches, or moves one: two of them who crossed would
    wait for each other. Plain bookings write one and need no lock."""
    await (await session.connection()).execute(
        text("select pg_advisory_xact_lock(:trees, :tree)"), {"trees": TREES, "tree": span.tree}
    )


async def sweep(session: AsyncSession, tenant: str, span: Span, begin: datetime, end: datetime, now: datetime) -> None:
    """Remove the expired holds in the way. The tree is locked."""
    where = _where(tenant, span, begin, end) | {"now": now}
    await (await session.connection()).execute(SWEEP, where)


async def blocked(
    session: AsyncSession,
    resource: Resource,
    begin: datetime,
    end: datetime,
    now: datetime,
    *,
    except_for: UUID | None = None,
) -> Sequence[Row[datetime, datetime]]:
    """The periods in which the resource is taken, or a part of it, or what it is part of; buffers included."""
    span = Span(resource.span_from, resource.span_to)
    asked = _where(resource.tenant, span, begin, end) | {"now": now, "except_for": except_for}
    return (await (await session.connection()).execute(BLOCKED, asked)).all()


def _where(tenant: str, span: Span, begin: datetime, end: datetime) -> dict[str, Any]:
    return {
        "tenant": tenant,
        "tree": span.tree,
        "span_from": span.begin,
        "span_to": span.end,
        "since": begin - LONGEST_BLOCKED,
        "begin": begin,
        "end": end,
    }


async def lock_quota(session: AsyncSession, resource_id: UUID, organisation_id: UUID) -> None:
    """Until the end of the transaction nobody else books this resource for this organisation."""
    await (await session.connection()).execute(
        text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"{resource_id}/{organisation_id}"}
    )


async def used(
    session: AsyncSession,
    resource: Resource,
    organisation_id: UUID,
    begin: datetime,
    end: datetime,
    except_for: UUID | None = None,
) -> int:
    """How many bookings of the resource the organisation has that begin in that time."""
    query = select(func.count()).where(
        Booking.tenant == resource.tenant,
        Booking.resource_id == resource.id,
        Booking.organisation_id == organisation_id,
        col(Booking.starts_at) >= begin,
        col(Booking.starts_at) < end,
        col(Booking.state).not_in((BookingState.HELD, BookingState.DECLINED, BookingState.CANCELLED)),
    )
    if except_for:
        query = query.where(Booking.id != except_for)
    return (await session.exec(query)).one()


async def get(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Booking:
    """A booking, not a hold: that is nobody's yet."""
    query = select(Booking).where(Booking.tenant == tenant, Booking.id == id, Booking.state != BookingState.HELD)
    if booking := (await session.exec(query.with_for_update() if lock else query)).first():
        return booking
    raise NotFound


async def held(session: AsyncSession, tenant: str, id: UUID) -> Booking | None:
    """A hold, expired or not, locked."""
    query = select(Booking).where(Booking.tenant == tenant, Booking.id == id, Booking.state == BookingState.HELD)
    return (await session.exec(query.with_for_update())).first()


async def keep(session: AsyncSession, contact: Contact) -> None:
    await (await session.connection()).execute(INSERT_CONTACT, contact.model_dump())


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
    query = query.where(Booking.state == state if state else Booking.state != BookingState.HELD)
    if first:
        query = query.where(Booking.starts_at >= first)
    if until:
        query = query.where(Booking.starts_at < until)
    if resource_id:
        query = query.where(Booking.resource_id == resource_id)
    return await paginate(session, query, Booking.id, paging)
