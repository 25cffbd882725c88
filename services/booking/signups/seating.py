"""The queue for seats: a seat that becomes free is held for whoever has waited longest and may have it.

Everything here works on a gathering that the caller has locked, so that the queue has one order. That no seat is given
twice does not rest on that lock but on the constraints of the table.
"""

from collections.abc import Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.gatherings.models import Gathering
from services.booking.gatherings.rules import GatheringState, criteria_of
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


async def settle(session: AsyncSession, gathering: Gathering) -> set[int]:
    """Offers that are over end, and what is free is offered to those who wait, in their order.

    Returns the seats that are taken then. A hundred may be queueing up behind this, so a full room is one question.
    """
    at = now()
    seats = await repository.seats_taken(session, gathering)
    # Where there is no end of seats, an offer is for none in particular.
    if gathering.capacity is None or any(until and until <= at for until in seats.values()):
        offered = await repository.of(session, gathering, SignupState.OFFERED, lock=True)
        over = [signup for signup in offered if signup.offer_until and signup.offer_until <= at]
        await end(session, gathering, over, SignupEnd.OFFER_EXPIRED)
        seats = await repository.seats_taken(session, gathering)
    taken, until = set(seats), rules.offer_until(at, gathering.starts_at)
    full = gathering.capacity is not None and len(taken) >= gathering.capacity
    if full or until is None or gathering.state is not GatheringState.SCHEDULED:
        return taken
    here, stated = room(gathering), []
    for signup in await repository.of(session, gathering, SignupState.WAITLISTED, lock=True):
        seat = here.seat_for(set(signup.meets), taken)
        if seat is None and gathering.capacity is not None:
            continue
        taken |= {seat} if seat else set()
        signup.state, signup.seat, signup.offer_until = SignupState.OFFERED, seat, until
        stated.append(changed(gathering, signup, SignupOffered, offer_until=until))
    await session.flush()
    await emit_many(session, stated)
    return taken


async def end(session: AsyncSession, gathering: Gathering, signups: Sequence[Signup], by: SignupEnd) -> None:
    """They have no seat and wait for none any more. Who gets the seats is decided by `settle`."""
    stated = []
    for signup in signups:
        seated = signup.state is SignupState.CONFIRMED
        signup.state, signup.seat, signup.offer_until, signup.ended_by = SignupState.CANCELLED, None, None, by
        stated.append(changed(gathering, signup, SignupCancelled, ended_by=by, seated=seated))
    await session.flush()
    await emit_many(session, stated)


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
