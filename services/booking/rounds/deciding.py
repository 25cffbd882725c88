"""From an allocation to series: what cannot be had at all, and what is booked, waited for and written down."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.bookings import repository as bookings
from services.booking.bookings import rules as booking_rules
from services.booking.bookings.usecases.filling import Places
from services.booking.bookings.usecases.making import keep
from services.booking.resources.models import Resource
from services.booking.resources.rules import A_DAY, Period, grid
from services.booking.resources.timetables import timetable
from services.booking.resources.usecases import taken
from services.booking.rounds.models import Wish
from services.booking.rounds.rules import Outcome, Want
from services.booking.schemas import ContactDetails
from services.booking.series import usecases as series
from services.booking.series.rules import NO_SUCH_TIME, Occurrence
from shared.clock import DANISH

OVER, NOT_OPEN, SLOT_TAKEN = "over", "not-open", "slot-taken"
Hindered = dict[tuple[UUID, Period], str]


async def hindrances(
    session: AsyncSession, places: Iterable[Resource], wants: Sequence[Want], unreal: set[Period], at: datetime
) -> Hindered:
    """Why a resource cannot be had at a time that somebody wishes, whoever it is."""
    found: Hindered = {}
    for resource in places:
        asked = {time for want in wants for time in want.times if any(s.resource_id == resource.id for s in want.spots)}
        if asked:
            found |= await _of(session, resource, asked, unreal, at)
    return found


async def _of(
    session: AsyncSession, resource: Resource, asked: set[Period], unreal: set[Period], at: datetime
) -> Hindered:
    plan = timetable(resource)
    first = min(asked).starts_at.astimezone(DANISH).date()
    until = max(asked).starts_at.astimezone(DANISH).date() + A_DAY
    slots = grid(plan, first, until)
    lengths: set[timedelta] = {time.ends_at - time.starts_at for time in asked}
    offered = {period for length in lengths for period in booking_rules.offered(resource.kind, slots, length)}
    busy = await taken(session, resource, plan, first, until)
    found: Hindered = {}
    for time in asked:
        if time in unreal:
            found[resource.id, time] = NO_SUCH_TIME
        elif time.starts_at <= at:
            found[resource.id, time] = OVER
        elif time not in offered:
            found[resource.id, time] = NOT_OPEN
        elif not busy.leaves(plan.blocked(time)):
            found[resource.id, time] = SLOT_TAKEN
    return found


async def carry_out(
    session: AsyncSession,
    wish: Wish,
    rule: str,
    places: Sequence[Resource],
    outcomes: Sequence[Outcome],
    where: Mapping[UUID, Places],
    url: str,
) -> None:
    """A series at every place where the wish was given something; what was not given waits at the dearest one.

    The database has the last word: a time that it refuses after all is written down as refused.
    """
    details = await _details(session, wish)
    settled = {outcome.period: outcome for outcome in outcomes}
    for n, resource in enumerate(places):
        mine = [each for each in outcomes if each.resource_id == resource.id]
        waits = [each for each in outcomes if each.resource_id is None and each.reason != OVER] if n == 0 else []
        if not mine and not waits:
            continue
        asked = series.Asked(
            resource,
            booking_rules.purpose_of(None, resource.kind),
            wish.channel,
            wish.organisation_id,
            await keep(session, wish.tenant, details) if details else None,
            rule,
            staff=True,
        )
        times = [Occurrence(each.period, real=True) for each in sorted([*mine, *waits], key=lambda each: each.period)]
        refused = {each.period: each.reason or NOT_OPEN for each in waits}
        made, _, decisions = await series.decide(session, asked, times, refused, details, url, where[resource.id])
        wish.series_ids = [*wish.series_ids, str(made.id)]
        for decision in decisions:
            if decision.reason and decision.period not in refused:
                settled[decision.period] = Outcome(decision.period, None, decision.reason)
    wish.outcome = rows(settled[outcome.period] for outcome in outcomes)
    wish.version += 1


def rows(outcomes: Iterable[Outcome]) -> list[dict[str, Any]]:
    """As they are stored, and answered."""
    return [
        {
            "starts_at": each.period.starts_at.isoformat(),
            "ends_at": each.period.ends_at.isoformat(),
            "resource_id": each.resource_id and str(each.resource_id),
            "reason": each.reason,
            "turn": each.turn,
        }
        for each in outcomes
    ]


async def _details(session: AsyncSession, wish: Wish) -> ContactDetails | None:
    if wish.contact_id and (found := await bookings.contact(session, wish.tenant, wish.contact_id)):
        return ContactDetails.model_validate(found, from_attributes=True)
    return None
