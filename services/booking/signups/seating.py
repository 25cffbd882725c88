"""The queue for seats: a seat that becomes free is held for whoever has waited longest and may have it.

Everything here works on a gathering that the caller has locked, so that the queue has one order. That no seat is given
twice does not rest on that lock but on the constraints of the table.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.gatherings.models import Gathering
from services.booking.gatherings.rules import GatheringState, criteria_of
from services.booking.offers import usecases as offers
from services.booking.offers.models import Offer
from services.booking.offers.rules import LineKind, OfferState
from services.booking.offers.usecases import Line
from services.booking.signups import repository, rules
from services.booking.signups.models import Signup
from services.booking.signups.rules import Room, SignupState
from shared.clock import now
from shared.errors import Invalid
from shared.events.signups import (
    SignupCancelled,
    SignupEnd,
    SignupOffered,
    SignupRescheduled,
    _Signup,
)
from shared.messaging.outbox import Row, emit_many, row


def room(gathering: Gathering) -> Room:
    return Room(gathering.capacity, criteria_of(gathering.criteria))


class Seats(Line[Signup, int | None]):
    """Those who wait for a seat at one gathering. It is locked."""

    kind = LineKind.SEAT

    def __init__(self, session: AsyncSession, gathering: Gathering, at: datetime) -> None:
        self._session, self._gathering, self._at = session, gathering, at
        self._room = room(gathering)
        self._until = rules.offer_until(at, gathering.starts_at)

    async def offered(self) -> Sequence[Signup]:
        return await repository.of(self._session, self._gathering, SignupState.OFFERED, lock=True)

    async def lapse(self, places: Sequence[Signup], ended: Sequence[Offer]) -> None:
        await end(self._session, self._gathering, places, SignupEnd.OFFER_EXPIRED)

    async def waiting(self) -> Sequence[Signup]:
        if self._until is None or self._gathering.state is not GatheringState.SCHEDULED:
            return []
        return await repository.of(self._session, self._gathering, SignupState.WAITLISTED, lock=True)

    async def free(self, waiting: Sequence[Signup]) -> Sequence[int | None]:
        """Kept seats are the first numbers, so they go first. Where there is no end of seats, one is like the other."""
        if self._gathering.capacity is None:
            return [None]
        taken = await repository.seats_taken(self._session, self._gathering)
        everybodys = islice((seat for seat in self._room.for_those_who(set()) if seat not in taken), len(waiting))
        return [*(seat for seat in self._room.kept if seat not in taken), *everybodys]

    def fits(self, place: Signup, thing: int | None) -> bool:
        return thing is None or self._room.may_have(set(place.meets), thing)

    def excludes(self, given: int | None, other: int | None) -> bool:
        return given is not None and given == other

    def answer_by(self, thing: int | None) -> datetime | None:
        return self._until

    async def keep(self, place: Signup, thing: int | None, until: datetime) -> dict[str, Any]:
        place.state, place.seat = SignupState.OFFERED, thing
        return {}

    async def tell(self, made: Sequence[tuple[Signup, int | None, Offer]]) -> None:
        stating = [
            stated(self._gathering, signup, SignupOffered, offer_until=offer.answer_by) for signup, _, offer in made
        ]
        await emit_many(self._session, stating)


async def settle(session: AsyncSession, gathering: Gathering) -> set[int]:
    """Offers that are over end, and what is free is offered to those who wait, in their order.

    Returns the seats that are taken then. A hundred may be queueing up behind this, so a full room is one question.
    """
    at = now()
    line = Seats(session, gathering, at)
    seats = await repository.seats_taken(session, gathering)
    # Where there is no end of seats, an offer is for none in particular.
    if gathering.capacity is None or any(until and until <= at for until in seats.values()):
        await offers.expire(session, gathering.tenant, line, at)
        seats = await repository.seats_taken(session, gathering)
    if gathering.capacity is not None and len(seats) >= gathering.capacity:
        return set(seats)
    offered = await offers.pass_on(session, gathering.tenant, line, at)
    return {*seats, *(signup.seat for signup in offered if signup.seat)}


async def end(session: AsyncSession, gathering: Gathering, signups: Sequence[Signup], by: SignupEnd) -> None:
    """They have no seat and wait for none any more. Who gets the seats is decided by `settle`."""
    stating = []
    offered = [signup.id for signup in signups if signup.state is SignupState.OFFERED]
    await offers.end(session, gathering.tenant, offered, OfferState.WITHDRAWN, now())
    for signup in signups:
        seated = signup.state is SignupState.CONFIRMED
        signup.state, signup.seat, signup.ended_by = SignupState.CANCELLED, None, by
        stating.append(changed(gathering, signup, SignupCancelled, ended_by=by, seated=seated))
    await session.flush()
    await emit_many(session, stating)


async def send_everybody_home(session: AsyncSession, gathering: Gathering) -> None:
    active = await repository.of(session, gathering, *repository.ACTIVE, lock=True)
    await end(session, gathering, active, SignupEnd.GATHERING_CANCELLED)


async def tell_moved(session: AsyncSession, gathering: Gathering) -> None:
    active = await repository.of(session, gathering, *repository.ACTIVE, lock=True)
    stated = [
        changed(gathering, signup, SignupRescheduled, seated=signup.state is SignupState.CONFIRMED) for signup in active
    ]
    await session.flush()
    await emit_many(session, stated)


async def seat_anew(session: AsyncSession, gathering: Gathering) -> None:
    """Room, or what it is kept for, has changed: whoever has a seat has one still, or the change is refused."""
    seated = await repository.of(session, gathering, *repository.SEATED, lock=True)
    seats = room(gathering).seat_all([(signup.id, set(signup.meets)) for signup in seated])
    if gathering.capacity is None:
        seats = {}
    if seats is None:
        raise Invalid.field(
            "capacity",
            f"er for lille: {len(seated)} har allerede en plads",
            f"is too small: {len(seated)} have a seat already",
        )
    await repository.seat_all(session, gathering, seats)


def changed(gathering: Gathering, signup: Signup, event: type[_Signup], **more: Any) -> Row:
    """What is stated about a sign-up that has just been changed."""
    signup.version += 1
    return stated(gathering, signup, event, **more)


def stated(gathering: Gathering, signup: Signup, event: type[_Signup], **more: Any) -> Row:
    facts = event(
        gathering_id=gathering.id,
        kind=gathering.kind,
        topic=gathering.topic,
        internal=gathering.internal,
        locality=gathering.locality,
        starts_at=gathering.starts_at,
        ends_at=gathering.ends_at,
        revision=gathering.version - 1,
        invited=signup.invited,
        channel=signup.channel,
        organisation_id=signup.organisation_id,
        contact_id=signup.contact_id,
        **more,
    )
    return row(
        facts,
        tenant=signup.tenant,
        subject=signup.id,
        sequence=signup.version,
        time=min(now(), gathering.starts_at),
    )
