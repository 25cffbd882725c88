"""Taking a time: what is asked, whether it may be, and what exactly is stored when it is free."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking import links
from services.booking.bookings import repository, rules
from services.booking.bookings.models import Booking, Contact
from services.booking.bookings.rules import BookingState
from services.booking.bookings.schemas import NewBooking
from services.booking.bookings.usecases.telling import facts, free_instead, said, slots_from, written
from services.booking.outside import repository as outside
from services.booking.resources import repository as resources
from services.booking.resources.models import Resource
from services.booking.resources.rules import A_DAY, Period, ResourceState, Span
from services.booking.resources.timetables import timetable
from services.booking.resources.usecases import ResourceIsClosed
from services.booking.schemas import ContactDetails
from shared.auth import Principal, Role
from shared.clock import DANISH, now, start_of_day
from shared.errors import FieldError, Forbidden, Invalid, NotFound, Text
from shared.events.bookings import BookingConfirmed, BookingRequested, Channel, Purpose
from shared.events.contacts import ContactShared
from shared.links import hashed, new_token, opens
from shared.messaging.outbox import Row, emit_many, row


@dataclass(frozen=True)
class Wanted:
    """A time of a resource that somebody may ask for."""

    resource: Resource
    period: Period
    purpose: Purpose
    channel: Channel
    organisation_id: UUID | None
    staff: bool
    locality: str | None = None
    series_id: UUID | None = None
    # Of a series: the person and the link that all its bookings share.
    contact_id: UUID | None = None
    token_hash: bytes | None = None
    message: bytes | None = None

    def record(self, at: datetime) -> bool:
        return rules.is_record(self.period, self.channel, at)


async def book(
    session: AsyncSession, tenant: str, wish: NewBooking, message: bytes | None, caller: Principal, public_url: str
) -> tuple[Booking, str]:
    """Take a time if it is free; returns the booking and the token that manages it, which is stored nowhere.
    `message` is the wish's own, sealed.

    Who fails to get it is told what is free instead (`SlotTaken`).
    """
    channel = rules.channel_of(wish.channel, staff=caller.is_staff)
    organisation_id = organisation_of(wish.organisation_id, caller)
    if channel is Channel.SELF and wish.contact is None:
        raise Invalid.field("contact", "skal udfyldes", "is required")
    at, period = now(), Period(wish.starts_at, wish.ends_at)
    rules.check_times(period, channel, at)
    resource = await bookable(session, tenant, wish.resource_id, caller)
    wanted = Wanted(
        resource=resource,
        period=period,
        purpose=rules.purpose_of(wish.purpose, resource.kind),
        channel=channel,
        organisation_id=organisation_id,
        staff=caller.is_staff,
        locality=wish.locality,
        message=message,
    )
    if wish.hold_token:
        await let_go(session, tenant, wish.hold_token)
    return await place(session, wanted, wish.contact, at, public_url)


async def bookable(session: AsyncSession, tenant: str, id: UUID, caller: Principal) -> Resource:
    """The resource, shared with other bookings, if the caller may book it."""
    try:
        resource = await resources.get(session, tenant, id, lock="share")
    except NotFound:
        raise NotFound(errors=[FieldError("resource_id", Text("findes ikke", "does not exist"))]) from None
    rules.check_open_to(resource.open_to, staff=caller.is_staff, association=caller.role is Role.ASSOCIATION)
    return resource


async def place(
    session: AsyncSession, wanted: Wanted, details: ContactDetails | None, at: datetime, public_url: str
) -> tuple[Booking, str]:
    """Store the booking, keep whom to reach and tell of it; or raise why not, with what is free instead."""
    resource, record = wanted.resource, wanted.record(at)
    locality = await check(session, wanted, at)
    token = new_token()
    waits = resource.approval and not wanted.staff
    # Air between two bookings is a plan; what was done without it was done all the same.
    blocked = wanted.period if record else timetable(resource).blocked(wanted.period)
    booking = Booking(
        tenant=resource.tenant,
        version=1 if waits else 2,  # Requested, and confirmed at once: two facts, two versions.
        resource_id=resource.id,
        resource_no=resource.number,
        span_from=resource.span_from,
        span_to=resource.span_to,
        purpose=wanted.purpose,
        channel=wanted.channel,
        state=BookingState.REQUESTED if waits else BookingState.CONFIRMED,
        starts_at=wanted.period.starts_at,
        ends_at=wanted.period.ends_at,
        blocked_from=blocked.starts_at,
        blocked_until=blocked.ends_at,
        held_until=None,
        locality=locality,
        organisation_id=wanted.organisation_id,
        contact_id=wanted.contact_id,
        series_id=wanted.series_id,
        token_hash=wanted.token_hash or hashed(token),
        message=wanted.message,
        cancelled_by=None,
    )
    if details:
        booking.contact_id = await keep(session, resource.tenant, details)
    if not await repository.take(session, booking, at):
        free = [] if record else await free_instead(session, resource, wanted.period, at)
        raise rules.SlotTaken(alternatives=written(free))
    told, known = list[Row](), facts(booking, resource)
    if details and booking.contact_id:
        url = links.manage_url(public_url, booking.tenant, "booking", booking.id, token)
        person = ContactShared(manage_url=url, **details.model_dump())
        told.append(row(person, tenant=booking.tenant, subject=booking.contact_id))
    told.append(
        said(booking, BookingRequested(**known, awaits_answer=waits or None), booking.starts_at, at, sequence=1)
    )
    if not waits:
        told.append(said(booking, BookingConfirmed(**known), booking.starts_at, at))
    await emit_many(session, told)
    return booking, token


async def check(session: AsyncSession, wanted: Wanted, at: datetime, *, except_for: UUID | None = None) -> str | None:
    """Whether it may be booked at all, if it is free; returns where it is."""
    resource, period = wanted.resource, wanted.period
    if wanted.record(at):
        return wanted.locality or resource.locality
    if resource.state is ResourceState.CLOSED:
        raise ResourceIsClosed(alternatives=[])
    times = timetable(resource)
    slots = slots_from(resource, period, 2 * A_DAY)[0]
    try:
        rules.check_grid(period, resource.kind, slots)
        rules.check_ahead(times, period, at, staff=wanted.staff)
        place = next(slot.locality for slot in slots if slot.period.starts_at == period.starts_at) or resource.locality
        if wanted.locality not in (None, place):
            raise Invalid.field("locality", "er ikke stedet for den tid", "is not where that time is")
    except Invalid as refused:
        refused.members["alternatives"] = written(await free_instead(session, resource, period, at))
        raise
    # Advice, not a constraint: what is entered elsewhere this minute is heard of within fifteen.
    if not wanted.staff and await outside.busy(session, resource, *times.blocked(period)):
        raise rules.SlotTaken(alternatives=written(await free_instead(session, resource, period, at)))
    await _check_quota(session, wanted, except_for)
    return place


async def _check_quota(session: AsyncSession, wanted: Wanted, except_for: UUID | None) -> None:
    """An association takes no more than its share of a Danish month; staff may give it more."""
    resource, organisation_id = wanted.resource, wanted.organisation_id
    if wanted.staff or organisation_id is None or resource.monthly_quota is None:
        return
    first = wanted.period.starts_at.astimezone(DANISH).date().replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    # Under a lock, because a count is no constraint: two who ask at once would both be the last. The tree's lock comes
    # first, as everywhere, because this transaction may need it later.
    await repository.lock_tree(session, Span(resource.span_from, resource.span_to))
    await repository.lock_quota(session, resource.id, organisation_id)
    month = start_of_day(first), start_of_day(following)
    if await repository.used(session, resource, organisation_id, *month, except_for) >= resource.monthly_quota:
        later = Period(month[1], month[1] + (wanted.period.ends_at - wanted.period.starts_at))
        free = await free_instead(session, resource, later, now())
        raise rules.QuotaUsed(quota=resource.monthly_quota, alternatives=written(free))


async def let_go(session: AsyncSession, tenant: str, hold_token: str) -> bool:
    """Give up a hold, so that its time can be booked in the same transaction. One that is gone is in nobody's way."""
    id, _, token = hold_token.partition(".")
    try:
        hold = await repository.held(session, tenant, UUID(id))
    except ValueError:
        return False
    if hold is None or not opens(token, hold.token_hash):
        return False
    await session.delete(hold)
    await session.flush()
    return True


def organisation_of(given: UUID | None, caller: Principal) -> UUID | None:
    if caller.role is Role.ASSOCIATION:
        if given not in (None, caller.organisation_id):
            raise Forbidden(errors=[FieldError("organisation_id", Text("er ikke jeres egen", "is not your own"))])
        return caller.organisation_id
    return given


async def keep(session: AsyncSession, tenant: str, details: ContactDetails) -> UUID:
    contact = Contact(tenant=tenant, **details.model_dump())
    await repository.keep(session, contact)
    return contact.id
