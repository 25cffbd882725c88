"""Waiting for a time: joining the line, being offered what becomes free, taking it or letting it go on."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking import links, turns
from services.booking.bookings import repository as bookings
from services.booking.bookings import rules as booking_rules
from services.booking.bookings.models import Booking
from services.booking.bookings.usecases.making import Wanted, bookable, keep, organisation_of, place
from services.booking.holds.usecases import keep_free
from services.booking.resources import repository as resources
from services.booking.resources.models import Resource
from services.booking.resources.rules import A_DAY, Period, ResourceState, Span, grid
from services.booking.resources.timetables import timetable
from services.booking.resources.usecases import taken
from services.booking.series import repository as series
from services.booking.waiting import repository, rules
from services.booking.waiting.models import NOT_OFFERED, Waiting
from services.booking.waiting.rules import WaitingState
from services.booking.waiting.schemas import NewWaiting
from shared.auth import Principal
from shared.clock import DANISH, now
from shared.errors import Problem
from shared.events.bookings import TimeOffered
from shared.inputs import ContactDetails
from shared.links import hashed, new_token
from shared.messaging.outbox import emit, share_contact


async def join(
    session: AsyncSession, tenant: str, new: NewWaiting, caller: Principal, public_url: str
) -> tuple[Waiting, str]:
    """A place at the end of the line and the token that manages it. What is free already is offered at once."""
    at = now()
    rules.check_window(new.earliest, new.latest, at)
    resource = await bookable(session, tenant, new.resource_id, caller)
    token = new_token()
    waiting = Waiting(
        tenant=tenant,
        resource_id=resource.id,
        span_from=resource.span_from,
        span_to=resource.span_to,
        purpose=booking_rules.purpose_of(new.purpose, resource.kind),
        channel=booking_rules.channel_of(new.channel, staff=caller.is_staff),
        organisation_id=organisation_of(new.organisation_id, caller),
        contact_id=await keep(session, tenant, new.contact),
        token_hash=hashed(token),
        state=WaitingState.WAITING,
        earliest=new.earliest,
        latest=new.latest,
        minutes=new.minutes or resource.slot_minutes,
        **NOT_OFFERED,
    )
    session.add(waiting)
    await session.flush()
    url = links.manage_url(public_url, tenant, "waiting", waiting.id, token)
    assert waiting.contact_id  # noqa: S101 -- It was kept above; mypy cannot know.
    await share_contact(
        session, tenant=tenant, contact_id=waiting.contact_id, manage_url=url, **new.contact.model_dump()
    )
    await pass_on(session, tenant, waiting.span, at)
    return waiting, token


class Free(NamedTuple):
    """A time that could be offered, and everything that it blocks."""

    resource: Resource
    period: Period
    blocked: Period

    def excludes(self, other: "Free") -> bool:
        return (
            self.resource.span_from < other.resource.span_to
            and other.resource.span_from < self.resource.span_to
            and self.blocked.starts_at < other.blocked.ends_at
            and other.blocked.starts_at < self.blocked.ends_at
        )


async def pass_on(session: AsyncSession, tenant: str, span: Span, at: datetime) -> None:
    """Offer what is free within that stretch, or around it, to those who wait for it, in the order of the line.

    Whoever frees a time calls it in the same transaction: between the two nobody can slip in.
    """
    await session.flush()
    await bookings.lock_tree(session, span)
    line = await repository.line(session, tenant, span, at)
    free: list[Free] = []
    for resource_id in {waiter.resource_id for waiter in line}:
        resource = await resources.get(session, tenant, resource_id)
        if resource.state is ResourceState.OPEN:
            free += await _free(session, resource, [each for each in line if each.resource_id == resource_id], at)
    free.sort(key=lambda each: each.period)
    for waiter, thing in turns.hand_out(line, free, _fits, Free.excludes):
        await _offer(session, thing.resource, waiter, thing.period, at)


def _fits(waiter: Waiting, free: Free) -> bool:
    return waiter.resource_id == free.resource.id and rules.fits(
        waiter.earliest, waiter.latest, waiter.length, free.period
    )


async def _free(session: AsyncSession, resource: Resource, line: Sequence[Waiting], at: datetime) -> list[Free]:
    """What somebody in the line could have, in every length that is waited for."""
    times = timetable(resource)
    first = max(at, min(each.earliest for each in line)).astimezone(DANISH).date()
    until = max(each.latest for each in line).astimezone(DANISH).date() + A_DAY
    slots = grid(times, first, until)
    busy = await taken(session, resource, times, first, until)
    return [
        Free(resource, period, times.blocked(period))
        for length in {each.length for each in line}
        for period in booking_rules.offered(resource.kind, slots, length)
        if times.in_time(period.starts_at, at) and busy.leaves(times.blocked(period))
    ]


async def _offer(session: AsyncSession, resource: Resource, waiter: Waiting, period: Period, at: datetime) -> None:
    given = timedelta(minutes=resource.offer_minutes)
    until = turns.answer_by(at, given, period.starts_at - timetable(resource).notice)
    if until is None:
        return
    try:
        wanted = Wanted(resource, period, waiter.purpose, waiter.channel, waiter.organisation_id, staff=False)
        hold, _ = await keep_free(session, wanted, until, at)
    except Problem:
        return  # A part of it was just offered to somebody else, or they have had their share: they keep their place.
    waiter.state, waiter.hold_id, waiter.answer_by = WaitingState.OFFERED, hold.id, until
    waiter.offer_starts_at, waiter.offer_ends_at, waiter.offer_locality = *period, hold.locality
    waiter.version += 1
    event = TimeOffered(
        resource_id=resource.id,
        resource_kind=resource.kind,
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        locality=hold.locality,
        contact_id=waiter.contact_id,
        answer_by=until,
    )
    await emit(session, event, tenant=waiter.tenant, subject=waiter.id, sequence=waiter.version, time=at)


async def accept(session: AsyncSession, tenant: str, id: UUID, public_url: str) -> tuple[Waiting, Booking, str]:
    """Book what is offered. The caller holds the link; whoever clicks twice books once."""
    at = now()
    await bookings.lock_tree(session, (await repository.get(session, tenant, id)).span)
    waiting = await repository.get(session, tenant, id, lock=True)
    if waiting.state is not WaitingState.OFFERED or not turns.stands(waiting.answer_by, at):
        raise rules.NothingOffered(state=waiting.state.value)
    resource = await resources.get(session, tenant, waiting.resource_id, lock="share")
    period = Period(waiting.offer_starts_at or at, waiting.offer_ends_at or at)
    details = None if waiting.series_id else await _details(session, waiting)
    wanted = Wanted(
        resource,
        period,
        waiting.purpose,
        waiting.channel,
        waiting.organisation_id,
        staff=False,
        series_id=waiting.series_id,
        contact_id=waiting.contact_id if waiting.series_id else None,
        token_hash=waiting.token_hash if waiting.series_id else None,
    )
    await _free_hold(session, waiting)
    booking, token = await place(session, wanted, details, at, public_url)
    waiting.state, waiting.hold_id, waiting.answer_by = WaitingState.ACCEPTED, None, None
    waiting.booking_id = booking.id
    waiting.version += 1
    if waiting.series_id:
        await series.fill(session, tenant, waiting.id, booking.id)
    return waiting, booking, token


async def leave(session: AsyncSession, tenant: str, id: UUID) -> Waiting:
    """They wait no longer; what they were offered goes on to the next."""
    await bookings.lock_tree(session, (await repository.get(session, tenant, id)).span)
    waiting = await repository.get(session, tenant, id, lock=True)
    if waiting.state not in (WaitingState.WAITING, WaitingState.OFFERED):
        raise rules.NothingOffered(state=waiting.state.value)
    await _end(session, waiting, WaitingState.LEFT)
    await pass_on(session, tenant, waiting.span, now())
    return waiting


async def move_on(session: AsyncSession, tenant: str, span: Span) -> None:
    """End the offers that nobody answered in time, and offer what is free to the next in line."""
    at = now()
    await bookings.lock_tree(session, span)
    for waiting in await repository.unanswered(session, tenant, span, at):
        await _end(session, waiting, WaitingState.LAPSED)
    await pass_on(session, tenant, span, at)


async def _end(session: AsyncSession, waiting: Waiting, state: WaitingState) -> None:
    await _free_hold(session, waiting)
    waiting.state, waiting.hold_id, waiting.answer_by = state, None, None
    waiting.version += 1
    await session.flush()


async def _free_hold(session: AsyncSession, waiting: Waiting) -> None:
    """Remove what kept the time, at once: what comes next may need it."""
    if waiting.hold_id and (hold := await bookings.held(session, waiting.tenant, waiting.hold_id)):
        await session.delete(hold)
        await session.flush()


async def _details(session: AsyncSession, waiting: Waiting) -> ContactDetails | None:
    if waiting.contact_id and (found := await bookings.contact(session, waiting.tenant, waiting.contact_id)):
        return ContactDetails(name=found.name, email=found.email, phone=found.phone, language=found.language)
    return None
