"""Every question about the trace of readings, and about messages whose time is over."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.bookings.models import Booking
from services.booking.messages.models import MessageReading


async def readings(session: AsyncSession, tenant: str, booking_id: UUID) -> Sequence[MessageReading]:
    query = select(MessageReading).where(MessageReading.tenant == tenant, MessageReading.booking_id == booking_id)
    return (await session.exec(query.order_by(col(MessageReading.id)))).all()


async def forget(session: AsyncSession, before: datetime) -> None:
    """Delete the messages of conversations that ended before then, in all centres."""
    await session.exec(
        update(Booking).where(col(Booking.message).is_not(None), col(Booking.ends_at) < before).values(message=None)
    )


async def kept(session: AsyncSession) -> Sequence[Booking]:
    """Bookings with a message, in all centres, locked, but for those that somebody is just changing."""
    query = select(Booking).where(col(Booking.message).is_not(None)).order_by(col(Booking.id))
    return (await session.exec(query.with_for_update(skip_locked=True))).all()
