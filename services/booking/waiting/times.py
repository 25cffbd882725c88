"""The line for times, as the engine of offers sees it: who waits, what of a tree is free, how it is kept."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.bookings import repository as bookings
from services.booking.bookings import rules as booking_rules
from services.booking.bookings.usecases.making import Wanted
from services.booking.holds.usecases import keep_free
from services.booking.offers.models import Offer
from services.booking.offers.rules import LineKind, answer_by
from services.booking.offers.usecases import Line
from services.booking.resources import repository as resources
from services.booking.resources.models import Resource
from services.booking.resources.rules import A_DAY, Period, ResourceState, Span, grid
from services.booking.resources.timetables import timetable
from services.booking.resources.usecases import taken
from services.booking.waiting import repository, rules
from services.booking.waiting.models import Waiting
from services.booking.waiting.rules import WaitingState
from shared.clock import DANISH
from shared.errors import Problem
from shared.events.bookings import TimeOffered
from shared.messaging.outbox import emit


class Free(NamedTuple):
    """A time that could be offered, and everything that it blocks."""

    resource: Resource
    period: Period
    blocked: Period


class Times(Line[Waiting, Free]):
    """Those who wait for a time of anything within a stretch of a tree, or around it. The tree is locked."""

    kind = LineKind.TIME

    def __init__(self, session: AsyncSession, tenant: str, span: Span, at: datetime) -> None:
        self._session, self._tenant, self._span, self._at = session, tenant, span, at

    async def offered(self) -> Sequence[Waiting]:
        return await repository.offered(self._session, self._tenant, self._span)

    async def lapse(self, places: Sequence[Waiting], ended: Sequence[Offer]) -> None:
        await free_holds(self._session, ended)
        for waiting in places:
            waiting.state = WaitingState.LAPSED
            waiting.version += 1
        await self._session.flush()

    async def waiting(self) -> Sequence[Waiting]:
        return await repository.line(self._session, self._tenant, self._span, self._at)

    async def free(self, waiting: Sequence[Waiting]) -> Sequence[Free]:
        found: list[Free] = []
        for resource_id in {each.resource_id for each in waiting}:
            resource = await resources.get(self._session, self._tenant, resource_id)
            if resource.state is ResourceState.OPEN:
                found += await self._of(resource, [each for each in waiting if each.resource_id == resource_id])
        return sorted(found, key=lambda each: each.period)

    async def _of(self, resource: Resource, waiting: Sequence[Waiting]) -> list[Free]:
        """In every length that is waited for."""
        times = timetable(resource)
        first = max(self._at, min(each.earliest for each in waiting)).astimezone(DANISH).date()
        until = max(each.latest for each in waiting).astimezone(DANISH).date() + A_DAY
        slots = grid(times, first, until)
        busy = await taken(self._session, resource, times, first, until)
        return [
            Free(resource, period, times.blocked(period))
            for length in {each.length for each in waiting}
            for period in booking_rules.offered(resource.kind, slots, length)
            if times.in_time(period.starts_at, self._at) and busy.leaves(times.blocked(period))
        ]

    def fits(self, place: Waiting, thing: Free) -> bool:
        return place.resource_id == thing.resource.id and rules.fits(
            place.earliest, place.latest, place.length, thing.period
        )

    def excludes(self, given: Free, other: Free) -> bool:
        return (
            given.resource.span_from < other.resource.span_to
            and other.resource.span_from < given.resource.span_to
            and given.blocked.starts_at < other.blocked.ends_at
            and other.blocked.starts_at < given.blocked.ends_at
        )

    def answer_by(self, thing: Free) -> datetime | None:
        given = timedelta(minutes=thing.resource.offer_minutes)
        return answer_by(self._at, given, thing.period.starts_at - timetable(thing.resource).notice)

    async def keep(self, place: Waiting, thing: Free, until: datetime) -> dict[str, Any] | None:
        try:
            wanted = Wanted(
                thing.resource, thing.period, place.purpose, place.channel, place.organisation_id, staff=False
            )
            hold, _ = await keep_free(self._session, wanted, until, self._at)
        except Problem:
            return None  # A part of it was just offered to somebody else, or they have had their share.
        place.state = WaitingState.OFFERED
        starts_at, ends_at = thing.period
        return {"hold_id": hold.id, "starts_at": starts_at, "ends_at": ends_at, "locality": hold.locality}

    async def tell(self, made: Sequence[tuple[Waiting, Free, Offer]]) -> None:
        for waiting, thing, offer in made:
            event = TimeOffered(
                resource_id=waiting.resource_id,
                resource_kind=thing.resource.kind,
                starts_at=thing.period.starts_at,
                ends_at=thing.period.ends_at,
                locality=offer.locality,
                contact_id=waiting.contact_id,
                answer_by=offer.answer_by,
            )
            await emit(
                self._session, event, tenant=self._tenant, subject=waiting.id, sequence=waiting.version, time=self._at
            )


async def free_holds(session: AsyncSession, ended: Iterable[Offer]) -> None:
    """Remove what kept the times, at once: what comes next may need them."""
    for offer in ended:
        if offer.hold_id and (hold := await bookings.held(session, offer.tenant, offer.hold_id)):
            await session.delete(hold)
    await session.flush()
