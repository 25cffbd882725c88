"""Every question about calendars that gatherings and bookings do not answer themselves."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.bookings.models import Booking
from services.booking.calendars.models import CalendarLink
from services.booking.gatherings.models import Gathering
from services.booking.resources.models import Resource
from services.booking.signups.models import Signup


async def put(session: AsyncSession, link: CalendarLink) -> None:
    values = link.model_dump()
    statement = insert(CalendarLink).values(values).on_conflict_do_update(index_elements=["resource_id"], set_=values)
    await (await session.connection()).execute(statement)


async def link_of(session: AsyncSession, resource: Resource) -> CalendarLink | None:
    query = select(CalendarLink).where(CalendarLink.tenant == resource.tenant, CalendarLink.resource_id == resource.id)
    return (await session.exec(query)).first()


async def remove(session: AsyncSession, resource: Resource) -> None:
    await session.exec(
        delete(CalendarLink).where(
            col(CalendarLink.tenant) == resource.tenant, col(CalendarLink.resource_id) == resource.id
        )
    )


async def bookings_of(session: AsyncSession, resource: Resource, since: datetime) -> Sequence[Booking]:
    query = select(Booking).where(
        Booking.tenant == resource.tenant, Booking.resource_id == resource.id, Booking.starts_at >= since
    )
    return (await session.exec(query.order_by(col(Booking.starts_at), col(Booking.id)))).all()


async def seats_taken(session: AsyncSession, tenant: str, gatherings: Sequence[Gathering]) -> dict[UUID, int]:
    query = (
        select(Signup.gathering_id, func.count(col(Signup.seat)))
        .where(Signup.tenant == tenant, col(Signup.gathering_id).in_([each.id for each in gatherings]))
        .group_by(col(Signup.gathering_id))
    )
    return dict((await session.exec(query)).all())


async def choices(session: AsyncSession, tenant: str, since: datetime) -> tuple[list[str], list[str]]:
    """The localities and the topics of what is public and to come."""
    query = (
        select(Gathering.locality, Gathering.topic)
        .where(Gathering.tenant == tenant, col(Gathering.internal).is_(False), Gathering.starts_at >= since)
        .distinct()
    )
    found = (await session.exec(query)).all()
    return sorted({place for place, _ in found if place}), sorted({topic for _, topic in found if topic})
