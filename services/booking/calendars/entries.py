"""What a gathering, and what a booking, is in a calendar."""

from dataclasses import replace
from datetime import datetime

from icalendar.enums import STATUS

from services.booking.bookings.models import Booking
from services.booking.calendars.words import KINDS
from services.booking.gatherings.models import Gathering
from services.booking.gatherings.rules import GatheringState
from services.booking.resources.models import Resource
from services.booking.signups.models import Signup
from services.booking.signups.rules import SignupState
from shared.clock import DANISH
from shared.events.bookings import ResourceKind
from shared.events.kinds import Form
from shared.icalendars import Entry, uid_of

# By their names: a state that is not here has no place in a calendar (a time that is only held while a form is filled).
OF_BOOKINGS = {
    "requested": STATUS.TENTATIVE,
    "confirmed": STATUS.CONFIRMED,
    "completed": STATUS.CONFIRMED,
    "no_show": STATUS.CONFIRMED,
    "cancelled": STATUS.CANCELLED,
    "declined": STATUS.CANCELLED,
}


def of_gathering(gathering: Gathering, page: str) -> Entry:
    organisers = ", ".join(each["name"] for each in gathering.organisers)
    stops = "\n".join(written(each) for each in gathering.stops)
    return Entry(
        uid=uid_of(gathering.tenant, gathering.id),
        sequence=gathering.version - 1,
        changed_at=gathering.changed_at,
        starts_at=gathering.starts_at,
        ends_at=gathering.ends_at,
        summary=gathering.title,
        status=STATUS.CANCELLED if gathering.state is GatheringState.CANCELLED else STATUS.CONFIRMED,
        location=where(gathering) or None,
        description="\n\n".join(filter(None, (gathering.description, stops, f"Arrangør: {organisers}"))),
        url=f"{page}#{gathering.id}",
        categories=[KINDS[gathering.kind].da, *filter(None, [gathering.topic])],
    )


def of_booking(booking: Booking, resource: Resource) -> Entry | None:
    """For whoever holds the resource's secret address: when it is taken, and neither by whom nor what for.

    A booking is requested (version 1) and confirmed (version 2) before anybody sees it, so its first SEQUENCE is 0.
    """
    status = OF_BOOKINGS.get(booking.state.value)
    if status is None:
        return None
    return Entry(
        uid=uid_of(booking.tenant, booking.id),
        sequence=max(0, booking.version - 2),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        summary=f"Booket: {resource.name}",
        status=status,
        location=resource.locality,
    )


def of_own_booking(booking: Booking, resource: Resource) -> Entry | None:
    """For whoever booked. Programs keep calendars elsewhere, so it says no more than a mail does: of a conversation
    that there is an appointment, and neither with whom nor about what."""
    entry = of_booking(booking, resource)
    if entry is None:
        return None
    private = resource.kind is ResourceKind.CONVERSATION
    return replace(entry, summary="Aftale" if private else resource.name, location=booking.locality)


def of_seat(signup: Signup, gathering: Gathering, page: str) -> Entry:
    """For whoever has it, under the UID that the gathering has everywhere; given up, it is cancelled for them alone."""
    entry = of_gathering(gathering, page)
    if signup.state is SignupState.CANCELLED:
        entry = replace(entry, status=STATUS.CANCELLED)
    return replace(entry, sequence=entry.sequence + signup.version - 1)


def where(gathering: Gathering) -> str:
    online = "Online" if gathering.form in (Form.DIGITAL, Form.BOTH) else None
    return ", ".join(filter(None, (gathering.place, gathering.locality, online)))


def written(stop: dict[str, str]) -> str:
    """`17.05 Banegården`."""
    return f"{datetime.fromisoformat(stop['at']).astimezone(DANISH):%H.%M} {stop['place']}"
