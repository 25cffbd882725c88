"""What an event tells of a booking or a seat, as a delivery needs it."""

from typing import Literal

from services.notify.deliveries import usecases as deliveries
from services.notify.deliveries.rules import names_time_and_place
from services.notify.deliveries.seasons import Season
from shared.events.bookings import (
    BookingCancelled,
    BookingConfirmed,
    BookingDeclined,
    BookingRequested,
    BookingRescheduled,
    SeriesDecided,
    TimeOffered,
)
from shared.events.envelope import Event
from shared.events.signups import (
    SignupCancelled,
    SignupConfirmed,
    SignupOffered,
    SignupRescheduled,
    SignupWaitlisted,
)
from shared.messaging.consume import Received, id_of

Telling = (
    BookingRequested
    | BookingConfirmed
    | BookingCancelled
    | BookingRescheduled
    | BookingDeclined
    | SeriesDecided
    | TimeOffered
)


def signup_of(received: Received) -> deliveries.Told:
    """Of an internal gathering a mail says neither when nor where nor what, unless the centre invited to it."""
    event: SignupConfirmed | SignupWaitlisted | SignupOffered | SignupRescheduled | SignupCancelled = received.event
    return deliveries.Told(
        tenant=received.tenant,
        event_id=received.id,
        said_at=received.time,
        booking_id=id_of(received.subject),
        sequence=received.sequence,
        contact_id=event.contact_id,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        locality=event.locality,
        says_when=event.invited or not event.internal,
        answer_by=event.offer_until if isinstance(event, SignupOffered) else None,
        entry_id=event.gathering_id,
        revision=event.revision,
        calendar_method=_method(event),
    )


def _method(event: Event) -> Literal["REQUEST", "CANCEL"] | None:
    """In somebody's own calendar stands what they have, and not what they wait for or have only asked for."""
    match event:
        case BookingConfirmed() | BookingRescheduled(confirmed=True):
            return "REQUEST"
        case BookingCancelled():
            return "CANCEL"
        case SignupConfirmed() | SignupRescheduled(seated=True):
            return "REQUEST"
        case SignupCancelled(seated=True):
            return "CANCEL"
    return None


def booking_of(received: Received) -> deliveries.Told:
    """What a mail may need of a booking. Its purpose stays behind here: no table of ours holds it."""
    event: Telling = received.event
    return deliveries.Told(
        tenant=received.tenant,
        event_id=received.id,
        said_at=received.time,
        booking_id=id_of(received.subject),
        sequence=received.sequence,
        contact_id=event.contact_id,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        locality=event.locality,
        says_when=names_time_and_place(event.resource_kind),
        answer_by=event.answer_by if isinstance(event, TimeOffered) else None,
        entry_id=id_of(received.subject),
        # Requested and confirmed are the first two; what changes it later is a change of the entry.
        revision=max(0, received.sequence - 2),
        calendar_method=_method(event),
        season=Season.of(event),
    )
