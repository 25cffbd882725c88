"""Asking again and again: each of the times is decided on its own, and what was refused is waited for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking import links
from services.booking.bookings import repository as bookings
from services.booking.bookings import rules as booking_rules
from services.booking.bookings.rules import BookingState
from services.booking.bookings.usecases import changing
from services.booking.bookings.usecases.making import Wanted, bookable, keep, organisation_of, place
from services.booking.resources.models import Resource
from services.booking.resources.rules import Period, Span
from services.booking.schemas import ContactDetails
from services.booking.series import repository, rules
from services.booking.series.models import Occurrence, Series
from services.booking.series.schemas import NewSeries
from services.booking.waiting import repository as waiting
from services.booking.waiting import usecases as line
from services.booking.waiting.models import Waiting
from services.booking.waiting.rules import WaitingState
from shared.auth import Principal
from shared.clock import now
from shared.errors import Invalid, Problem
from shared.events.bookings import Channel, Purpose, Refusal, SeriesDecided
from shared.events.contacts import ContactShared
from shared.links import hashed, new_token
from shared.messaging.outbox import emit


@dataclass
class Decision:
    """What became of one of the times."""

    period: Period
    booking_id: UUID | None = None
    confirmed: bool = False
    reason: str | None = None
    alternatives: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """A recurring request that may be decided on: by whom, for what, and how it was written."""

    resource: Resource
    purpose: Purpose
    channel: Channel
    organisation_id: UUID | None
    contact_id: UUID | None
    rule: str
    staff: bool


async def ask(
    session: AsyncSession, tenant: str, new: NewSeries, caller: Principal, public_url: str
) -> tuple[Series, str]:
    """Decide on every time the rule names; returns the series and the token that manages it and its bookings."""
    channel = booking_rules.channel_of(new.channel, staff=caller.is_staff)
    organisation_id = organisation_of(new.organisation_id, caller)
    if channel is Channel.SELF and new.contact is None:
        raise Invalid.field("contact", "skal udfyldes", "is required")
    first = Period(new.starts_at, new.ends_at)
    booking_rules.check_times(first, Channel.SELF, now())
    times = rules.occurrences(new.rule, first)
    resource = await bookable(session, tenant, new.resource_id, caller)
    asked = Asked(
        resource,
        booking_rules.purpose_of(new.purpose, resource.kind),
        channel,
        organisation_id,
        await keep(session, tenant, new.contact) if new.contact else None,
        new.rule,
        caller.is_staff,
    )
    series, token, _ = await decide(session, asked, times, {}, new.contact, public_url)
    return series, token


async def decide(
    session: AsyncSession,
    asked: Asked,
    times: Sequence[rules.Occurrence],
    refused: Mapping[Period, str],
    details: ContactDetails | None,
    public_url: str,
) -> tuple[Series, str, list[Decision]]:
    """Book what of `times` is to be had, wait for the rest, and tell it. `refused` are those among them that were
    decided on elsewhere, each with the reason; `details` are those of the contact."""
    at, resource, token = now(), asked.resource, new_token()
    series = Series(
        tenant=resource.tenant,
        resource_id=resource.id,
        purpose=asked.purpose,
        channel=asked.channel,
        organisation_id=asked.organisation_id,
        contact_id=asked.contact_id,
        token_hash=hashed(token),
        rule=asked.rule,
        first_starts_at=times[0].period.starts_at,
        last_ends_at=times[-1].period.ends_at,
    )
    session.add(series)
    await session.flush()
    # Many rows in one transaction: two seasons that cross would wait for each other.
    await bookings.lock_tree(session, Span(resource.span_from, resource.span_to))
    decisions = [
        Decision(time.period, reason=refused[time.period])
        if time.period in refused
        else await _decide(session, resource, series, time, at, staff=asked.staff)
        for time in times
    ]
    await _keep(session, resource, series, decisions)
    if details and series.contact_id:
        url = links.manage_url(public_url, series.tenant, "series", series.id, token)
        shared = ContactShared(manage_url=url, **details.model_dump())
        await emit(session, shared, tenant=series.tenant, subject=series.contact_id)
    await _tell(session, resource, series, decisions, at)
    return series, token, decisions


async def _decide(
    session: AsyncSession, resource: Resource, series: Series, time: rules.Occurrence, at: datetime, *, staff: bool
) -> Decision:
    decision = Decision(time.period)
    if not time.real:
        decision.reason = rules.NO_SUCH_TIME
        return decision
    wanted = Wanted(
        resource,
        time.period,
        series.purpose,
        series.channel,
        series.organisation_id,
        staff,
        series_id=series.id,
        contact_id=series.contact_id,
        token_hash=series.token_hash,
    )
    try:
        booking_rules.check_times(time.period, series.channel, at)
        booking, _ = await place(session, wanted, None, at, "")
        decision.booking_id, decision.confirmed = booking.id, booking.state is BookingState.CONFIRMED
    except Problem as refused:
        decision.reason = rules.NOT_OPEN if isinstance(refused, Invalid) else refused.slug
        decision.alternatives = refused.members.get("alternatives", [])
    return decision


async def _keep(session: AsyncSession, resource: Resource, series: Series, decisions: list[Decision]) -> None:
    """Store what was decided, and a place in the line for each time that exists and was not to be had."""
    for decision in decisions:
        waits = None
        if decision.reason not in (None, rules.NO_SUCH_TIME):
            waits = _place_in_line(resource, series, decision.period)
            session.add(waits)
            await session.flush()
        session.add(
            Occurrence(
                tenant=series.tenant,
                series_id=series.id,
                starts_at=decision.period.starts_at,
                ends_at=decision.period.ends_at,
                booking_id=decision.booking_id,
                waiting_id=waits.id if waits else None,
                reason=decision.reason,
                alternatives=decision.alternatives,
            )
        )
    await session.flush()


def _place_in_line(resource: Resource, series: Series, period: Period) -> Waiting:
    return Waiting(
        tenant=series.tenant,
        resource_id=resource.id,
        span_from=resource.span_from,
        span_to=resource.span_to,
        purpose=series.purpose,
        channel=series.channel,
        organisation_id=series.organisation_id,
        contact_id=series.contact_id,
        token_hash=series.token_hash,
        series_id=series.id,
        state=WaitingState.WAITING,
        earliest=period.starts_at,
        latest=period.starts_at + timedelta(minutes=1),
        minutes=int((period.ends_at - period.starts_at).total_seconds() // 60),
    )


async def _tell(
    session: AsyncSession, resource: Resource, series: Series, decisions: list[Decision], at: datetime
) -> None:
    booked = sum(decision.booking_id is not None for decision in decisions)
    event = SeriesDecided(
        resource_id=resource.id,
        resource_kind=resource.kind,
        purpose=series.purpose,
        channel=series.channel,
        starts_at=series.first_starts_at,
        ends_at=series.last_ends_at,
        locality=resource.locality,
        organisation_id=series.organisation_id,
        contact_id=series.contact_id,
        booked=booked,
        refused=len(decisions) - booked,
        first_ends_at=decisions[0].period.ends_at,
        weekdays=rules.weekdays(decision.period for decision in decisions),
        confirmed=sum(decision.confirmed for decision in decisions),
        refusals=[
            Refusal(starts_at=decision.period.starts_at, cause=rules.told_as(decision.reason))
            for decision in decisions
            if decision.reason
        ],
    )
    await emit(session, event, tenant=series.tenant, subject=series.id, sequence=series.version, time=at)


async def cancel(session: AsyncSession, series: Series, caller: Principal, reason: str | None) -> None:
    """Give back every time that can still be given back, and wait for none any more."""
    # Rows before the tree, as whoever cancels one of them does.
    booked = await repository.bookings(session, series, tuple(booking_rules.ALIVE))
    for waits in await waiting.of_series(session, series.tenant, series.id):
        if waits.state in (WaitingState.WAITING, WaitingState.OFFERED):
            await line.leave(session, series.tenant, waits.id)
    for booking in booked:
        if await changing.is_changeable(session, booking, caller):
            await changing.cancel(session, booking, caller, reason)
    series.version += 1


async def confirm(session: AsyncSession, series: Series) -> None:
    """Confirm every time that was requested; for staff."""
    for booking in await repository.bookings(session, series, (BookingState.REQUESTED,)):
        await changing.confirm(session, booking)
    series.version += 1
