"""Asking again and again: each of the times is decided on its own, and what was refused is waited for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking import links
from services.booking.bookings import repository as bookings
from services.booking.bookings import rules as booking_rules
from services.booking.bookings.rules import BookingState
from services.booking.bookings.usecases import changing
from services.booking.bookings.usecases.filling import Places
from services.booking.bookings.usecases.making import bookable, keep, organisation_of
from services.booking.resources.models import Resource
from services.booking.resources.rules import Period, Span
from services.booking.schemas import ContactDetails
from services.booking.series import deciding, repository, rules
from services.booking.series.models import Series
from services.booking.series.schemas import NewSeries
from services.booking.waiting import repository as waiting
from services.booking.waiting import usecases as line
from services.booking.waiting.rules import WaitingState
from shared.auth import Principal
from shared.clock import now
from shared.errors import Invalid
from shared.events.bookings import Channel, Purpose
from shared.events.contacts import ContactShared
from shared.links import hashed, new_token
from shared.messaging.outbox import emit


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
    places: Places | None = None,
) -> tuple[Series, str, list[deciding.Decision]]:
    """Book what of `times` is to be had, wait for the rest, and tell it. `refused` are those among them that were
    decided on elsewhere, each with the reason; `details` are those of the contact. With `places`, all others have been
    looked at by whoever calls, and nothing but the constraint is asked."""
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
    rest = [time for time in times if time.period not in refused]
    if places:
        decided = await deciding.decide_together(session, resource, series, rest, places, at)
    else:
        decided = [await deciding.decide_one(session, resource, series, time, at, staff=asked.staff) for time in rest]
    decisions = [
        *decided,
        *(deciding.Decision(time.period, reason=refused[time.period]) for time in times if time.period in refused),
    ]
    decisions.sort(key=lambda each: each.period)
    await deciding.keep(session, resource, series, decisions)
    if details and series.contact_id:
        url = links.manage_url(public_url, series.tenant, "series", series.id, token)
        shared = ContactShared(manage_url=url, **details.model_dump())
        await emit(session, shared, tenant=series.tenant, subject=series.contact_id)
    await deciding.tell(session, resource, series, decisions, at)
    return series, token, decisions


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
