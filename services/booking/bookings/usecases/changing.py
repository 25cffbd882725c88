"""What becomes of a booking: confirmed or declined, moved, given back, and in the end held or not."""

from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.bookings import repository, rules
from services.booking.bookings.models import Booking
from services.booking.bookings.rules import BookingState, Step
from services.booking.bookings.usecases.making import Wanted, check
from services.booking.bookings.usecases.telling import facts, free_instead, tell, written
from services.booking.resources import repository as resources
from services.booking.resources.models import Resource
from services.booking.resources.rules import Period
from services.booking.resources.timetables import timetable
from services.booking.waiting import usecases as line
from shared.auth import Principal
from shared.clock import now
from shared.errors import Conflict
from shared.events.bookings import (
    BookingCancelled,
    BookingCompleted,
    BookingConfirmed,
    BookingDeclined,
    BookingNoShow,
    BookingRescheduled,
    CancelledBy,
    Channel,
)


async def is_changeable(session: AsyncSession, booking: Booking, caller: Principal) -> bool:
    resource = await resources.get(session, booking.tenant, booking.resource_id)
    return changeable(booking, resource, staff=caller.is_staff)


def changeable(booking: Booking, resource: Resource, *, staff: bool) -> bool:
    try:
        rules.check_step(Step.CANCEL, booking.state)
        rules.check_notice(booking.starts_at, _notice(resource), now(), staff=staff)
    except Conflict:
        return False
    return True


def _notice(resource: Resource) -> timedelta:
    return timedelta(minutes=resource.change_notice_minutes)


async def confirm(session: AsyncSession, booking: Booking) -> None:
    """`booking` is locked, here as below."""
    rules.check_step(Step.CONFIRM, booking.state)
    resource = await _enter(session, booking, BookingState.CONFIRMED)
    await tell(session, booking, BookingConfirmed(**facts(booking, resource)), booking.starts_at, now())


async def decline(session: AsyncSession, booking: Booking, reason: str | None) -> None:
    rules.check_step(Step.DECLINE, booking.state)
    await repository.lock_tree(session, booking.span)
    resource = await _enter(session, booking, BookingState.DECLINED)
    booking.decline_reason = reason
    await tell(session, booking, BookingDeclined(**facts(booking, resource)), booking.starts_at, now())
    await line.pass_on(session, booking.tenant, booking.span, now())


async def cancel(session: AsyncSession, booking: Booking, caller: Principal, reason: str | None) -> None:
    """Give the time back. The caller may manage it."""
    at = now()
    rules.check_step(Step.CANCEL, booking.state)
    resource = await resources.get(session, booking.tenant, booking.resource_id)
    rules.check_notice(booking.starts_at, _notice(resource), at, staff=caller.is_staff)
    # Before the row is written: whoever has the tree and looks for room would wait for it.
    await repository.lock_tree(session, booking.span)
    await _enter(session, booking, BookingState.CANCELLED)
    booking.cancelled_by = CancelledBy.STAFF if caller.is_staff else CancelledBy.CITIZEN
    booking.cancel_reason = reason
    event = BookingCancelled(**facts(booking, resource), cancelled_by=booking.cancelled_by)
    await tell(session, booking, event, booking.starts_at, at)
    await line.pass_on(session, booking.tenant, booking.span, at)


async def reschedule(session: AsyncSession, booking: Booking, caller: Principal, to: Period) -> None:
    """Move the booking to another time of the same resource, or leave it where it is and say what is free."""
    at, staff = now(), caller.is_staff
    rules.check_step(Step.MOVE, booking.state)
    resource = await resources.get(session, booking.tenant, booking.resource_id, lock="share")
    rules.check_notice(booking.starts_at, _notice(resource), at, staff=staff)
    if resource.approval and booking.state is BookingState.CONFIRMED and not staff:
        raise rules.AskAnew
    channel = Channel.ASSISTED if staff else Channel.SELF
    rules.check_times(to, channel, at)
    wanted = Wanted(resource, to, booking.purpose, channel, booking.organisation_id, staff)
    locality = await check(session, wanted, at, except_for=booking.id)
    before = Period(booking.starts_at, booking.ends_at)
    if to == before:
        return
    blocked = to if wanted.record(at) else timetable(resource).blocked(to)
    await repository.lock_tree(session, booking.span)
    await repository.sweep(session, booking.tenant, booking.span, *blocked, at)
    moved = {
        "starts_at": to.starts_at,
        "ends_at": to.ends_at,
        "blocked_from": blocked.starts_at,
        "blocked_until": blocked.ends_at,
        "locality": locality,
        "moves": booking.moves + 1,
        "version": booking.version + 1,
    }
    if not await repository.move(session, booking, moved):
        free = await free_instead(session, resource, to, at, except_for=booking.id)
        raise rules.SlotTaken(alternatives=written(free))
    event = BookingRescheduled(
        **facts(booking, resource),
        previous_starts_at=before.starts_at,
        previous_ends_at=before.ends_at,
        confirmed=booking.state is BookingState.CONFIRMED,
    )
    await tell(session, booking, event, booking.starts_at, at)
    await line.pass_on(session, booking.tenant, booking.span, at)


async def times_to_move_to(session: AsyncSession, booking: Booking, after: datetime, most: int) -> list[Period]:
    """Free times as long as the booking, for whoever would rather come another time."""
    resource = await resources.get(session, booking.tenant, booking.resource_id)
    at = now()
    start = max(at, after)
    wanted = Period(start, start + (booking.ends_at - booking.starts_at))
    found = await free_instead(session, resource, wanted, at, except_for=booking.id, most=most + 1)
    return [period for period in found if period.starts_at != booking.starts_at][:most]


async def complete(session: AsyncSession, booking: Booking) -> None:
    """They came. Nobody concludes it from the clock: what nobody has told is unknown."""
    await _end(session, booking, Step.COMPLETE, BookingState.COMPLETED, BookingCompleted)


async def no_show(session: AsyncSession, booking: Booking) -> None:
    await _end(session, booking, Step.NO_SHOW, BookingState.NO_SHOW, BookingNoShow)


async def _end(
    session: AsyncSession,
    booking: Booking,
    step: Step,
    state: BookingState,
    event: type[BookingCompleted] | type[BookingNoShow],
) -> None:
    at = now()
    rules.check_step(step, booking.state)
    rules.check_begun(booking.starts_at, at)
    resource = await _enter(session, booking, state)
    await tell(session, booking, event(**facts(booking, resource)), booking.ends_at, at)


async def _enter(session: AsyncSession, booking: Booking, state: BookingState) -> Resource:
    booking.state = state
    booking.version += 1
    return await resources.get(session, booking.tenant, booking.resource_id)
