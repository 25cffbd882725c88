"""Every question about calendars of one's own. Each names the tenant."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.bookings.models import Booking
from services.booking.bookings.rules import BookingState
from services.booking.feeds.models import OwnCalendar, OwnThing
from services.booking.feeds.rules import MOST, ThingKind
from services.booking.gatherings.models import Gathering
from services.booking.resources.models import Resource
from services.booking.series.models import Series
from services.booking.signups.models import Signup
from shared.errors import NotFound

TABLES: dict[ThingKind, Any] = {ThingKind.BOOKING: Booking, ThingKind.SERIES: Series, ThingKind.SEAT: Signup}


async def token_hash_of(session: AsyncSession, tenant: str, kind: ThingKind, id: UUID) -> bytes | None:
    """What opens it; none, where there is no such thing."""
    table = TABLES[kind]
    query = select(table.token_hash).where(table.tenant == tenant, table.id == id)
    return (await session.exec(query)).first()


async def get(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> OwnCalendar:
    query = select(OwnCalendar).where(OwnCalendar.tenant == tenant, OwnCalendar.id == id)
    if found := (await session.exec(query.with_for_update() if lock else query)).first():
        return found
    raise NotFound


async def of_organisation(session: AsyncSession, tenant: str, organisation_id: UUID) -> OwnCalendar | None:
    query = select(OwnCalendar).where(OwnCalendar.tenant == tenant, OwnCalendar.organisation_id == organisation_id)
    return (await session.exec(query.with_for_update())).first()


async def put_in(session: AsyncSession, things: Sequence[OwnThing]) -> None:
    statement = insert(OwnThing).values([thing.model_dump() for thing in things]).on_conflict_do_nothing()
    await (await session.connection()).execute(statement)


async def size(session: AsyncSession, calendar: OwnCalendar) -> int:
    query = select(func.count()).where(OwnThing.tenant == calendar.tenant, OwnThing.calendar_id == calendar.id)
    return (await session.exec(query)).one()


async def forget(session: AsyncSession, tenant: str, things: Sequence[UUID]) -> None:
    """Whose they were is forgotten: they are in nobody's calendar any more, and what is empty then goes, too."""
    emptied = delete(OwnThing).where(col(OwnThing.tenant) == tenant, col(OwnThing.thing_id).in_(things))
    ids = {row[0] for row in await (await session.connection()).execute(emptied.returning(col(OwnThing.calendar_id)))}
    await session.exec(
        delete(OwnCalendar).where(
            col(OwnCalendar.tenant) == tenant,
            col(OwnCalendar.id).in_(ids),
            ~select(OwnThing).where(OwnThing.calendar_id == OwnCalendar.id).exists(),
        )
    )


async def bookings(session: AsyncSession, calendar: OwnCalendar, since: datetime) -> Sequence[tuple[Booking, Resource]]:
    whose: Any = Booking.organisation_id == calendar.organisation_id
    if calendar.organisation_id is None:
        whose = or_(
            col(Booking.id).in_(_things(calendar, ThingKind.BOOKING)),
            col(Booking.series_id).in_(_things(calendar, ThingKind.SERIES)),
        )
    query = (
        select(Booking, Resource)
        .join(Resource, col(Resource.id) == col(Booking.resource_id))
        .where(Booking.tenant == calendar.tenant, Booking.starts_at >= since, Booking.state != BookingState.HELD, whose)
        .order_by(col(Booking.starts_at), col(Booking.id))
        .limit(MOST)
    )
    return (await session.exec(query)).all()


async def seats(session: AsyncSession, calendar: OwnCalendar, since: datetime) -> Sequence[tuple[Signup, Gathering]]:
    whose: Any = Signup.organisation_id == calendar.organisation_id
    if calendar.organisation_id is None:
        whose = col(Signup.id).in_(_things(calendar, ThingKind.SEAT))
    query = (
        select(Signup, Gathering)
        .join(Gathering, col(Gathering.id) == col(Signup.gathering_id))
        .where(Signup.tenant == calendar.tenant, Gathering.starts_at >= since, whose)
        .order_by(col(Gathering.starts_at), col(Signup.id))
        .limit(MOST)
    )
    return (await session.exec(query)).all()


def _things(calendar: OwnCalendar, kind: ThingKind) -> Select[Any]:
    return select(OwnThing.thing_id).where(
        OwnThing.tenant == calendar.tenant, OwnThing.calendar_id == calendar.id, OwnThing.kind == kind
    )
