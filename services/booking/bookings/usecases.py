"""What people do with bookings: take a time, look at it, give it back."""

import hashlib
import hmac
import secrets
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.bookings import repository, rules
from services.booking.bookings.models import Booking, BookingState, Contact
from services.booking.bookings.schemas import NewBooking
from services.booking.resources import repository as resources
from services.booking.resources.models import Resource, ResourceState
from services.booking.resources.rules import Period, Slot, grid
from services.booking.resources.schemas import SlotAnswer
from services.booking.resources.usecases import ResourceIsClosed, taken, timetable
from shared.auth import Principal, Role
from shared.clock import DANISH, now
from shared.errors import FieldError, Forbidden, Invalid, NotFound, Text
from shared.events.booking import BookingCancelled, BookingConfirmed, BookingRequested, CancelledBy, Channel
from shared.inputs import ContactDetails
from shared.messaging.outbox import emit, share_contact

ADAY = timedelta(days=1)


async def book(
    session: AsyncSession, tenant: str, wish: NewBooking, caller: Principal, public_url: str
) -> tuple[Booking, str]:
    """Take a time if it is free; returns the booking and the token that manages it, which is stored nowhere.

    Who fails to get it is told what is free instead (`SlotTaken`).
    """
    channel = rules.channel_of(wish.channel, staff=caller.is_staff)
    organisation_id = _organisation(wish.organisation_id, caller)
    if channel is Channel.SELF and wish.contact is None:
        raise Invalid.field("contact", "skal udfyldes", "is required")
    at, wanted = now(), Period(wish.starts_at, wish.ends_at)
    rules.check_times(wanted, channel, at)
    try:
        resource = await resources.get(session, tenant, wish.resource_id, lock="share")
    except NotFound:
        raise NotFound(errors=[FieldError("resource_id", Text("findes ikke", "does not exist"))]) from None
    purpose = rules.purpose_of(wish.purpose, resource.kind)
    record = rules.is_record(wanted, channel, at)
    if not record:
        if resource.state is ResourceState.CLOSED:
            raise ResourceIsClosed(alternatives=[])
        rules.check_grid(wanted, resource.kind, _slots(resource, wanted, 2 * ADAY)[0])

    token = secrets.token_urlsafe(32)
    booking = Booking(
        tenant=tenant,
        version=2,  # Requested, and confirmed at once: two facts, two versions.
        resource_id=resource.id,
        resource_no=resource.number,
        purpose=purpose,
        channel=channel,
        state=BookingState.CONFIRMED,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        # Air between two bookings is a plan; what was done without it was done all the same.
        blocked_until=wanted.ends_at + (timedelta() if record else timedelta(minutes=resource.buffer_minutes)),
        organisation_id=organisation_id,
        token_hash=_hash(token),
        cancelled_by=None,
    )
    if wish.contact:
        booking.contact_id = await _keep(session, tenant, wish.contact)
    if not await repository.take(session, booking):
        raise rules.SlotTaken(alternatives=[] if record else await _alternatives(session, resource, wanted, at))
    if wish.contact and booking.contact_id:
        manage_url = f"{public_url.rstrip('/')}/booking/{tenant}/manage#{booking.id}.{token}"
        await share_contact(
            session, tenant=tenant, contact_id=booking.contact_id, manage_url=manage_url, **wish.contact.model_dump()
        )
    for sequence, event in enumerate((BookingRequested, BookingConfirmed), start=1):
        stated = event(**_facts(booking, resource))
        time = rules.true_since(booking.starts_at, at)
        await emit(session, stated, tenant=tenant, subject=booking.id, sequence=sequence, time=time)
    return booking, token


async def cancel_booking(session: AsyncSession, booking: Booking, caller: Principal, reason: str | None) -> None:
    """Give the time back. `booking` is locked, and the caller may manage it."""
    at = now()
    if booking.state is BookingState.CANCELLED:
        raise rules.AlreadyCancelled
    if booking.starts_at <= at and not caller.is_staff:
        raise rules.AlreadyBegun
    booking.state = BookingState.CANCELLED
    booking.cancelled_by = CancelledBy.STAFF if caller.is_staff else CancelledBy.CITIZEN
    booking.cancel_reason = reason
    booking.version += 1
    resource = await resources.get(session, booking.tenant, booking.resource_id)
    event = BookingCancelled(**_facts(booking, resource), cancelled_by=booking.cancelled_by)
    await emit(
        session,
        event,
        tenant=booking.tenant,
        subject=booking.id,
        sequence=booking.version,
        time=rules.true_since(booking.starts_at, at),
    )


def may_manage(booking: Booking, caller: Principal, token: str | None) -> bool:
    """Staff may, and whoever holds the token that was given out when the booking was made."""
    return caller.is_staff or (token is not None and hmac.compare_digest(_hash(token), booking.token_hash))


def _organisation(given: UUID | None, caller: Principal) -> UUID | None:
    if caller.role is Role.ASSOCIATION:
        if given not in (None, caller.organisation_id):
            raise Forbidden(errors=[FieldError("organisation_id", Text("er ikke jeres egen", "is not your own"))])
        return caller.organisation_id
    return given


def _slots(resource: Resource, wanted: Period, days: timedelta) -> tuple[list[Slot], date, date]:
    first = wanted.starts_at.astimezone(DANISH).date()
    return grid(timetable(resource), first, first + days), first, first + days


async def _alternatives(
    session: AsyncSession, resource: Resource, wanted: Period, at: datetime
) -> list[dict[str, str]]:
    slots, first, until = _slots(resource, wanted, rules.ALTERNATIVES_WITHIN)
    busy = await taken(session, resource, first, until)
    buffer = timedelta(minutes=resource.buffer_minutes)
    found = rules.alternatives(wanted, resource.kind, slots, busy, buffer, at)
    return [SlotAnswer.model_validate(period).model_dump(mode="json") for period in found]


def _facts(booking: Booking, resource: Resource) -> dict[str, Any]:
    """What the booking's events say of it."""
    return {
        "resource_id": resource.id,
        "resource_kind": resource.kind,
        "purpose": booking.purpose,
        "channel": booking.channel,
        "starts_at": booking.starts_at,
        "ends_at": booking.ends_at,
        "locality": resource.locality,
        "organisation_id": booking.organisation_id,
        "contact_id": booking.contact_id,
    }


def _hash(token: str) -> bytes:
    """A fast hash will do: the token has 256 random bits, so there is nothing to guess."""
    return hashlib.sha256(token.encode()).digest()


async def _keep(session: AsyncSession, tenant: str, details: ContactDetails) -> UUID:
    contact = Contact(tenant=tenant, **details.model_dump())
    session.add(contact)
    await session.flush()
    return contact.id
