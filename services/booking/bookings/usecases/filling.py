"""Taking many times at once, which somebody has looked at already: the constraint alone decides which are free."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.bookings import repository
from services.booking.bookings.models import Booking
from services.booking.bookings.rules import BookingState
from services.booking.bookings.usecases.telling import facts, said
from services.booking.resources.models import Resource
from services.booking.resources.rules import Period, grid
from services.booking.resources.timetables import timetable
from services.booking.series.models import Series
from shared.events.bookings import BookingConfirmed, BookingRequested
from shared.messaging.outbox import Row, emit_many


class Places(NamedTuple):
    """Where a resource is, which may depend on when."""

    usual: str | None
    other: Mapping[datetime, str]

    def at(self, starts_at: datetime) -> str | None:
        return self.other.get(starts_at, self.usual)


def places_of(resource: Resource, first: date, until: date) -> Places:
    """From a Danish day up to and without another. Most are always in one place, and then no season is gone through."""
    times = timetable(resource)
    weeks = (times.openings, *(week for _, week in times.seasons), *(week for _, week in times.exceptions))
    moves = any(opening.locality for week in weeks for opening in week)
    slots = grid(times, first, until) if moves else []
    return Places(resource.locality, {slot.period.starts_at: slot.locality for slot in slots if slot.locality})


async def fill(
    session: AsyncSession, resource: Resource, series: Series, periods: Sequence[Period], places: Places, at: datetime
) -> dict[Period, Booking]:
    """Book for staff what of these times nobody has, and tell it; what is missing in the answer was taken.

    The resource's tree is locked, and each time is one that could be had by itself.
    """
    if not periods:
        return {}
    times = timetable(resource)
    wanted = []
    for period in periods:
        blocked = times.blocked(period)
        wanted.append(
            Booking(
                tenant=resource.tenant,
                version=2,  # Requested, and confirmed at once.
                resource_id=resource.id,
                resource_no=resource.number,
                span_from=resource.span_from,
                span_to=resource.span_to,
                purpose=series.purpose,
                channel=series.channel,
                state=BookingState.CONFIRMED,
                starts_at=period.starts_at,
                ends_at=period.ends_at,
                blocked_from=blocked.starts_at,
                blocked_until=blocked.ends_at,
                held_until=None,
                locality=places.at(period.starts_at),
                organisation_id=series.organisation_id,
                contact_id=series.contact_id,
                series_id=series.id,
                token_hash=series.token_hash,
                cancelled_by=None,
            )
        )
    first, last = min(each.blocked_from for each in wanted), max(each.blocked_until for each in wanted)
    await repository.sweep(session, resource.tenant, wanted[0].span, first, last, at)
    stored = await repository.take_many(session, wanted)
    told = list[Row]()
    for booking in stored:
        known = facts(booking, resource)
        told.append(said(booking, BookingRequested(**known), booking.starts_at, at, sequence=1))
        told.append(said(booking, BookingConfirmed(**known), booking.starts_at, at))
    await emit_many(session, told)
    return {Period(each.starts_at, each.ends_at): each for each in stored}
