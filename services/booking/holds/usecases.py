"""Keeping a time for a few minutes, while somebody fills in a form, or for longer, while an offer stands."""

from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.bookings import repository, rules
from services.booking.bookings.models import Booking
from services.booking.bookings.rules import BookingState
from services.booking.bookings.usecases.making import Wanted, bookable, check, let_go
from services.booking.bookings.usecases.telling import free_instead, written
from services.booking.holds import repository as holders
from services.booking.holds import rules as sharing
from services.booking.holds.models import Holder
from services.booking.holds.schemas import NewHold
from services.booking.resources.rules import Period
from services.booking.resources.timetables import timetable
from shared.auth import Principal
from shared.clock import now
from shared.errors import NotFound
from shared.events.bookings import Channel, Purpose
from shared.links import hashed, new_token


async def hold(session: AsyncSession, tenant: str, new: NewHold, caller: Principal, holder: str) -> tuple[Booking, str]:
    """Keep the time and return the token with which it can be booked; `SlotTaken` says what is free instead.
    `holder` is in whose name it is counted; staff may keep as many as they need."""
    at, period = now(), Period(new.starts_at, new.ends_at)
    rules.check_times(period, Channel.SELF, at)
    resource = await bookable(session, tenant, new.resource_id, caller)
    wanted = Wanted(resource, period, Purpose.OTHER, Channel.SELF, None, caller.is_staff)
    until = min(at + timedelta(minutes=resource.hold_minutes), period.starts_at)
    name = sharing.digest(holder)
    if not caller.is_staff:
        sharing.check_share(*await holders.lock_and_count(session, tenant, name, at - sharing.REMEMBERED, at))
    held, token = await keep_free(session, wanted, until, at)
    if not caller.is_staff:
        session.add(Holder(hold_id=held.id, tenant=tenant, holder=name, held_at=at))
    return held, f"{held.id}.{token}"


async def keep_free(session: AsyncSession, wanted: Wanted, until: datetime, at: datetime) -> tuple[Booking, str]:
    """A row that is in everybody's way until then, by the same constraint as a booking, and stated nowhere."""
    resource = wanted.resource
    locality = await check(session, wanted, at)
    token = new_token()
    blocked = timetable(resource).blocked(wanted.period)
    held = Booking(
        tenant=resource.tenant,
        resource_id=resource.id,
        resource_no=resource.number,
        span_from=resource.span_from,
        span_to=resource.span_to,
        purpose=wanted.purpose,
        channel=wanted.channel,
        state=BookingState.HELD,
        starts_at=wanted.period.starts_at,
        ends_at=wanted.period.ends_at,
        blocked_from=blocked.starts_at,
        blocked_until=blocked.ends_at,
        held_until=until,
        locality=locality,
        token_hash=hashed(token),
        cancelled_by=None,
    )
    if not await repository.take(session, held, at):
        raise rules.SlotTaken(alternatives=written(await free_instead(session, resource, wanted.period, at)))
    return held, token


async def release(session: AsyncSession, tenant: str, hold_token: str) -> None:
    if not await let_go(session, tenant, hold_token):
        raise NotFound
