"""Every question about bookings. Each names the tenant, although row-level security would hide the others' rows."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.errors import ExclusionViolation
from sqlalchemy import func, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.bookings.models import Booking, Contact
from services.booking.bookings.rules import LONGEST, BookingState
from services.booking.outside.repository import BUSY_THEN
from services.booking.resources import repository as resources
from services.booking.resources.models import Resource
from services.booking.resources.rules import Period, Span
from services.booking.schemas import ContactDetails
from shared.database import ask
from shared.errors import NotFound
from shared.messaging.outbox import STATE, Row, to_state
from shared.paging import PageRequest, paginate

# Any number that no other lock of two numbers has.
TREES = 7_302_412
# Says what the constraint says, in comparisons that an index may answer under row-level security. `since` is there so
# that years of history are not read for one week.
IN_THE_WAY = """
    tenant = %(tenant)s and tree = %(tree)s and span_from < %(span_to)s and span_to > %(span_from)s
    and blocked_from > %(since)s and blocked_from < %(end)s and blocked_until > %(begin)s
    and state not in ('declined', 'cancelled')
"""
LONGEST_BLOCKED = LONGEST + timedelta(days=2)
# Put together where they lie: what touches is one period, so a full month is few rows instead of a thousand.
BLOCKED = f"""
    select lower(period) as begin, upper(period) as end from (
        select unnest(range_agg(during)) as period from bookings where {IN_THE_WAY}
        and (held_until is null or held_until > %(now)s) and id is distinct from %(except_for)s::uuid
    ) as periods
"""  # noqa: S608 -- Put together from constants.

_PERSON = [name for name in Contact.model_fields if name not in ("tenant", "id")]
_COLUMNS = ", ".join(Booking.model_fields)
_VALUES = ", ".join(f"%({name})s" for name in Booking.model_fields)
# DO NOTHING and not an error: a transaction that has failed could not look for other times, and of many who ask at
# once none can end in a deadlock, because PostgreSQL looks before it writes.
TAKE = f"""
    insert into bookings ({_COLUMNS}) values ({_VALUES})
    on conflict on constraint bookings_never_overlap do nothing returning id
"""  # noqa: S608 -- Put together from constants, as below.
# One statement is one answer to wait for. Of a booking that is not stored nobody is kept and nothing is told.
TAKE_AND_TELL = f"""
    with booked as ({TAKE}),
    kept as (
        insert into contacts (tenant, id, {", ".join(_PERSON)})
        select %(tenant)s, %(contact_id)s, %({")s, %(".join(_PERSON)})s
        where %(name)s::text is not null and exists (select from booked)
    ),
    told as ({STATE} where exists (select from booked))
    select id from booked
"""  # noqa: S608
TAKE_MANY = insert(Booking).on_conflict_do_nothing(constraint="bookings_never_overlap").returning(col(Booking.id))
KEEP = insert(Contact)
# A booking shares its resource's row: bookings do not wait for each other, and a change or closing waits for them.
SHARE = f"""
    select xmin::text, exists ({BUSY_THEN}) from resources r where tenant = %(tenant)s and id = %(id)s for share
"""  # noqa: S608
NOBODY = dict.fromkeys(_PERSON)
EXPIRED = f"select 1 from bookings where {IN_THE_WAY} and held_until <= %(now)s limit 1"  # noqa: S608
SWEEP = f"delete from bookings where {IN_THE_WAY} and held_until <= %(now)s"  # noqa: S608


async def share(session: AsyncSession, tenant: str, resource_id: UUID, wanted: Period) -> tuple[Resource, bool]:
    """The resource, shared with other bookings, and whether an outside calendar says that it is busy then."""
    begin, end = wanted
    found = await ask(session, SHARE, {"tenant": tenant, "id": resource_id, "begin": begin, "end": end})
    if not found:
        raise NotFound
    [(written, busy)] = found
    return await resources.remembered(session, tenant, resource_id, written), busy


async def take(
    session: AsyncSession,
    booking: Booking,
    now: datetime,
    *,
    contact: ContactDetails | None = None,
    told: Sequence[Row] = (),
) -> bool:
    """Store the booking and whom to reach about it, and say `told` of it, unless the database says that its time is
    taken; waits for whoever is just taking it.

    A hold that has expired is in nobody's way, although it is still there: whoever runs into it removes it.
    """
    statement, values = TAKE, booking.model_dump()
    if told:
        statement = TAKE_AND_TELL
        values |= to_state(told) | (contact.model_dump() if contact else NOBODY)
    if await ask(session, statement, values):
        return True
    where = _where(booking.tenant, booking.span, booking.blocked_from, booking.blocked_until) | {"now": now}
    if await ask(session, EXPIRED, where):
        await lock_tree(session, booking.span)
        await ask(session, SWEEP, where)
    # Again in any case: somebody may have removed an expired hold between the first attempt and the look.
    return bool(await ask(session, statement, values))


async def take_many(session: AsyncSession, bookings: Sequence[Booking]) -> list[Booking]:
    """Store those whose time nobody has, in one statement, and return them. Their tree is locked and swept."""
    rows = [booking.model_dump() for booking in bookings]
    stored = {id for (id,) in await (await session.connection()).execute(TAKE_MANY, rows)}
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
    await ask(session, SWEEP, where)


async def blocked(
    session: AsyncSession,
    resource: Resource,
    begin: datetime,
    end: datetime,
    now: datetime,
    *,
    except_for: UUID | None = None,
) -> Sequence[tuple[datetime, datetime]]:
    """The periods in which the resource is taken, or a part of it, or what it is part of; buffers included."""
    span = Span(resource.span_from, resource.span_to)
    asked = _where(resource.tenant, span, begin, end) | {"now": now, "except_for": except_for}
    return await ask(session, BLOCKED, asked)


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
    await (await session.connection()).execute(KEEP, contact.model_dump())


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
