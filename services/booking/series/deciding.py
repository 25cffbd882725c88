"""What becomes of each time of a series: decided one by one or together, kept, waited for and told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.bookings import rules as booking_rules
from services.booking.bookings.rules import BookingState
from services.booking.bookings.usecases.filling import Places, fill
from services.booking.bookings.usecases.making import Wanted, place
from services.booking.bookings.usecases.telling import free_instead, written
from services.booking.resources.models import Resource
from services.booking.resources.rules import Period
from services.booking.series import repository, rules
from services.booking.series.models import Series
from services.booking.waiting.rules import WaitingState
from shared.errors import Invalid, Problem
from shared.events.bookings import Refusal, SeriesDecided
from shared.ids import uuid7
from shared.messaging.outbox import emit


@dataclass
class Decision:
    """What became of one of the times."""

    period: Period
    booking_id: UUID | None = None
    confirmed: bool = False
    reason: str | None = None
    alternatives: list[dict[str, Any]] = field(default_factory=list)


async def decide_one(
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


async def decide_together(
    session: AsyncSession,
    resource: Resource,
    series: Series,
    times: Sequence[rules.Occurrence],
    places: Places,
    at: datetime,
) -> list[Decision]:
    booked = await fill(session, resource, series, [time.period for time in times], places, at)
    decisions = []
    for time in times:
        decision = Decision(time.period)
        if booking := booked.get(time.period):
            decision.booking_id, decision.confirmed = booking.id, True
        else:  # Somebody was quicker since it was looked at.
            decision.reason = booking_rules.SlotTaken.slug
            decision.alternatives = written(await free_instead(session, resource, time.period, at))
        decisions.append(decision)
    return decisions


async def keep(session: AsyncSession, resource: Resource, series: Series, decisions: list[Decision]) -> None:
    """Store what was decided, and a place in the line for each time that exists and was not to be had.

    As plain rows: a round has thousands, and to make a model of each takes longer than to store them.
    """
    waits = {
        decision.period: _place_in_line(resource, series, decision.period)
        for decision in decisions
        if decision.reason not in (None, rules.NO_SUCH_TIME)
    }
    occurrences = [
        {
            "tenant": series.tenant,
            "series_id": series.id,
            "starts_at": decision.period.starts_at,
            "ends_at": decision.period.ends_at,
            "booking_id": decision.booking_id,
            "waiting_id": waits[decision.period]["id"] if decision.period in waits else None,
            "reason": decision.reason,
            "alternatives": decision.alternatives,
        }
        for decision in decisions
    ]
    await repository.keep(session, [*waits.values()], occurrences)


def _place_in_line(resource: Resource, series: Series, period: Period) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "version": 1,
        "tenant": series.tenant,
        "resource_id": resource.id,
        "span_from": resource.span_from,
        "span_to": resource.span_to,
        "purpose": series.purpose,
        "channel": series.channel,
        "organisation_id": series.organisation_id,
        "contact_id": series.contact_id,
        "token_hash": series.token_hash,
        "series_id": series.id,
        "state": WaitingState.WAITING,
        "earliest": period.starts_at,
        "latest": period.starts_at + timedelta(minutes=1),
        "minutes": int((period.ends_at - period.starts_at).total_seconds() // 60),
        "booking_id": None,
    }


async def tell(
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
