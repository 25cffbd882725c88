"""Every question about recurring requests."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.bookings.models import Booking
from services.booking.bookings.rules import BookingState
from services.booking.series.models import Occurrence, Series
from services.booking.waiting.models import Waiting
from shared.errors import NotFound
from shared.paging import PageRequest, paginate


async def get(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Series:
    query = select(Series).where(Series.tenant == tenant, Series.id == id)
    if series := (await session.exec(query.with_for_update() if lock else query)).first():
        return series
    raise NotFound


async def occurrences(session: AsyncSession, series: Series) -> Sequence[tuple[Occurrence, Booking | None]]:
    """In order of time, each with the booking that it is."""
    query = (
        select(Occurrence, Booking)
        .outerjoin(Booking, col(Booking.id) == col(Occurrence.booking_id))
        .where(Occurrence.tenant == series.tenant, Occurrence.series_id == series.id)
        .order_by(col(Occurrence.starts_at))
    )
    found: Sequence[Any] = (await session.exec(query)).all()
    return found


async def bookings(session: AsyncSession, series: Series, states: Sequence[BookingState]) -> Sequence[Booking]:
    """Its bookings in those states, locked, in order."""
    query = select(Booking).where(
        Booking.tenant == series.tenant, Booking.series_id == series.id, col(Booking.state).in_(states)
    )
    return (await session.exec(query.order_by(col(Booking.id)).with_for_update())).all()


async def keep(session: AsyncSession, waits: Sequence[dict[str, Any]], occurrences: Sequence[dict[str, Any]]) -> None:
    """In one statement each, because a season has many."""
    connection = await session.connection()
    if waits:
        await connection.execute(insert(Waiting), waits)
    await connection.execute(insert(Occurrence), occurrences)


async def fill(session: AsyncSession, tenant: str, waiting_id: UUID, booking_id: UUID) -> None:
    """A time that was refused has been booked after all; why it was not stays."""
    await session.exec(
        update(Occurrence)
        .where(col(Occurrence.tenant) == tenant, col(Occurrence.waiting_id) == waiting_id)
        .values(booking_id=booking_id)
    )


async def page(session: AsyncSession, tenant: str, paging: PageRequest) -> tuple[Sequence[Series], str | None]:
    return await paginate(session, select(Series).where(Series.tenant == tenant), Series.id, paging)
