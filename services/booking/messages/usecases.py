"""Reading what a citizen wrote to their adviser: for that adviser only, and never without a trace."""

from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.bookings.models import Booking
from services.booking.messages.models import MessageReading
from services.booking.messages.sealing import Seals
from services.booking.resources import repository as resources
from shared.auth import Principal
from shared.clock import now
from shared.errors import Forbidden, NotFound, Text


class NotYourMessage(Forbidden):
    slug = "not-your-message"
    title = Text("Beskeden er til en anden rådgiver", "The message is for another adviser")


async def read(session: AsyncSession, booking: Booking, caller: Principal, seals: Seals) -> str:
    """The message. That it was read, by whom and when, is stored in the same transaction."""
    if booking.message is None:
        raise NotFound
    if not await may_read(session, booking, caller):
        raise NotYourMessage
    message = seals.open(booking.message)
    session.add(MessageReading(tenant=booking.tenant, booking_id=booking.id, reader=caller.subject, read_at=now()))
    await session.flush()
    return message


async def may_read(session: AsyncSession, booking: Booking, caller: Principal) -> bool:
    """A resource that names its adviser is that adviser's alone; one that names nobody is the whole staff's."""
    resource = await resources.get(session, booking.tenant, booking.resource_id)
    return caller.is_staff and resource.adviser in (None, caller.subject)
