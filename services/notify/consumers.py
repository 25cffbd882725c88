"""What notify hears: where people are reached, and what happened to their bookings."""

from functools import partial
from uuid import UUID

from faststream.kafka import KafkaBroker
from sqlmodel.ext.asyncio.session import AsyncSession

from services.notify.contacts import usecases as contacts
from services.notify.deliveries import usecases as deliveries
from shared.database import Database
from shared.events.bookings import (
    BookingCancelled,
    BookingConfirmed,
    BookingDeclined,
    BookingRescheduled,
    SeriesDecided,
    TimeOffered,
)
from shared.events.contacts import ContactShared
from shared.events.envelope import Event
from shared.events.notify import MessagePurpose
from shared.messaging.consume import Handler, Received, Rejected, listen
from shared.metrics import Metrics

Telling = BookingConfirmed | BookingCancelled | BookingRescheduled | BookingDeclined | SeriesDecided | TimeOffered


def subscribe(broker: KafkaBroker, database: Database, metrics: Metrics) -> None:
    listen(
        broker,
        database,
        metrics,
        consumer="notify",
        topic=ContactShared.TOPIC,
        handlers={ContactShared: contact_shared},
        on_tombstone=contact_erased,
    )
    listen(
        broker,
        database,
        metrics,
        consumer="notify",
        topic=BookingConfirmed.TOPIC,
        handlers=TELLING,
    )


async def contact_shared(session: AsyncSession, received: Received) -> None:
    await contacts.keep(session, received.tenant, _id(received.subject), received.event)


async def contact_erased(session: AsyncSession, key: str) -> None:
    await contacts.erase(session, _id(key))


async def told(purpose: MessagePurpose, session: AsyncSession, received: Received) -> None:
    if purpose is MessagePurpose.BOOKING_CONFIRMATION and received.event.series_id:
        return  # Of a season's forty confirmations nobody reads the second: `series.decided` tells of them all.
    await deliveries.plan(session, _booking(received), purpose)


# What somebody is told by mail, and as what.
PURPOSES: dict[type[Event], MessagePurpose] = {
    BookingConfirmed: MessagePurpose.BOOKING_CONFIRMATION,
    BookingCancelled: MessagePurpose.BOOKING_CANCELLATION,
    BookingRescheduled: MessagePurpose.BOOKING_RESCHEDULE,
    BookingDeclined: MessagePurpose.BOOKING_REFUSAL,
    SeriesDecided: MessagePurpose.SERIES_DECISION,
    TimeOffered: MessagePurpose.TIME_OFFER,
}
TELLING: dict[type[Event], Handler] = {event: partial(told, purpose) for event, purpose in PURPOSES.items()}


def _booking(received: Received) -> deliveries.Told:
    """What a mail may need of a booking. Its purpose stays behind here: no table of ours holds it."""
    event: Telling = received.event
    return deliveries.Told(
        tenant=received.tenant,
        event_id=received.id,
        said_at=received.time,
        booking_id=_id(received.subject),
        sequence=received.sequence,
        contact_id=event.contact_id,
        resource_kind=event.resource_kind,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        locality=event.locality,
    )


def _id(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        raise Rejected("the subject is not an id") from None
