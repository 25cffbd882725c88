"""What people do about seats: ask for one, take the one that is offered, give it back."""

from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.bookings.models import Contact
from services.booking.gatherings import repository as gatherings
from services.booking.gatherings.models import Gathering
from services.booking.gatherings.rules import criteria_of
from services.booking.offers import usecases as offers
from services.booking.signups import repository, rules, seating
from services.booking.signups.models import Signup
from services.booking.signups.rules import SignupState
from services.booking.signups.schemas import KeptSeats, NewSignup, OtherGathering, SeatsAnswer
from shared.auth import Principal, Role
from shared.clock import now
from shared.errors import Invalid
from shared.events.bookings import Channel
from shared.events.contacts import ContactShared
from shared.events.signups import SignupConfirmed, SignupEnd, SignupWaitlisted
from shared.links import hashed, new_token
from shared.messaging.outbox import emit, emit_many


async def sign_up(
    session: AsyncSession, tenant: str, gathering_id: UUID, wish: NewSignup, caller: Principal, public_url: str
) -> tuple[Signup, Gathering, str]:
    """A seat, or a place in the queue for one; returns it with the token that manages it, which is stored nowhere.

    Who wants neither to wait nor could is told what else there is (`GatheringFull`).
    """
    channel = rules.channel_of(wish.channel, staff=caller.is_staff)
    rules.check_invited(wish.invited, staff=caller.is_staff)
    own = caller.organisation_id if caller.role is Role.ASSOCIATION else None
    organisation_id = rules.organisation_of(wish.organisation_id, own)
    if channel is Channel.SELF and wish.contact is None:
        raise Invalid.field("contact", "skal udfyldes", "is required")
    token, contact_id = new_token(), None
    if wish.contact:
        contact = Contact(tenant=tenant, **wish.contact.model_dump())
        session.add(contact)
        await session.flush()  # Before the lock: others wait behind it.
        contact_id = contact.id
    gathering = await gatherings.get(session, tenant, gathering_id, internal_too=caller.is_staff, lock=True)
    at = now()
    rules.check_open(gathering.state, gathering.admission, gathering.starts_at, at, staff=caller.is_staff)
    rules.check_meets(wish.meets, criteria_of(gathering.criteria))
    # Whoever waits comes first: what is free is offered to them before anybody else can have it.
    taken = await seating.settle(session, gathering)
    seat = seating.room(gathering).seat_for(set(wish.meets), taken)
    has_seat = seat is not None or gathering.capacity is None
    if not has_seat and not (gathering.waiting_list and wish.waiting_list):
        raise rules.GatheringFull(alternatives=await _alternatives(session, gathering, at))

    signup = Signup(
        tenant=tenant,
        gathering_id=gathering.id,
        capacity=gathering.capacity,
        seat=seat,
        state=SignupState.CONFIRMED if has_seat else SignupState.WAITLISTED,
        meets=wish.meets,
        invited=wish.invited,
        channel=channel,
        organisation_id=organisation_id,
        contact_id=contact_id,
        token_hash=hashed(token),
        queued_at=at,
        ended_by=None,
    )
    if wish.contact and contact_id:
        shared = ContactShared(
            manage_url=f"{public_url.rstrip('/')}/booking/{tenant}/seat#{signup.id}.{token}",
            about=gathering.title if wish.invited or not gathering.internal else None,
            **wish.contact.model_dump(),
        )
        await emit(session, shared, tenant=tenant, subject=contact_id)
    session.add(signup)
    await session.flush()
    event = SignupConfirmed if has_seat else SignupWaitlisted
    await emit_many(session, [seating.stated(gathering, signup, event)])
    return signup, gathering, token


async def accept(session: AsyncSession, gathering: Gathering, signup: Signup) -> None:
    """Take the seat that is offered. Both are locked. A second click finds the seat taken, by whoever clicked first."""
    if signup.state is SignupState.CONFIRMED:
        return
    if signup.state is SignupState.CANCELLED:
        raise rules.SignupEnded
    await offers.take(session, signup.tenant, signup.id, now())
    signup.state = SignupState.CONFIRMED
    await emit_many(session, [seating.changed(gathering, signup, SignupConfirmed)])


async def give_back(session: AsyncSession, gathering: Gathering, signup: Signup, caller: Principal) -> None:
    """Both are locked. The seat is offered to the next at once."""
    if signup.state is SignupState.CANCELLED:
        raise rules.SignupEnded
    if gathering.starts_at <= now() and not caller.is_staff:
        raise rules.AlreadyBegun
    await seating.end(session, gathering, [signup], SignupEnd.STAFF if caller.is_staff else SignupEnd.CITIZEN)
    await seating.settle(session, gathering)


async def leave(session: AsyncSession, tenant: str, id: UUID) -> None:
    """Somebody who waits is to be forgotten: nobody could be told of a seat."""
    gathering = await gatherings.get(
        session, tenant, await repository.gathering_of(session, tenant, id), internal_too=True, lock=True
    )
    signup = await repository.get(session, tenant, id, lock=True)
    await seating.end(session, gathering, [signup], SignupEnd.STAFF)
    await seating.settle(session, gathering)


async def position(session: AsyncSession, gathering: Gathering, signup: Signup) -> int | None:
    """The first in the queue is 1."""
    if signup.state is not SignupState.WAITLISTED:
        return None
    return 1 + await repository.waiting(session, gathering, before=signup)


async def alternatives(session: AsyncSession, gathering: Gathering, signup: Signup) -> list[OtherGathering]:
    if signup.state is not SignupState.WAITLISTED:
        return []
    found = await repository.others_like(session, gathering, now())
    return [OtherGathering.model_validate(other) for other in found]


async def seats(session: AsyncSession, gathering: Gathering) -> SeatsAnswer:
    """What is free, for everybody and for those it is kept for."""
    taken = set(await repository.seats_taken(session, gathering))
    here = seating.room(gathering)
    everybody = {*here.for_those_who(set())}
    return SeatsAnswer(
        capacity=gathering.capacity,
        free=None if gathering.capacity is None else len(everybody - taken),
        kept=[
            KeptSeats(
                key=each["key"], text=each["text"], free=len({*here.for_those_who({each["key"]})} - everybody - taken)
            )
            for each in gathering.criteria
            if each["places"]
        ],
        waiting=await repository.waiting(session, gathering),
    )


async def _alternatives(session: AsyncSession, gathering: Gathering, at: datetime) -> list[dict[str, str]]:
    found = await repository.others_like(session, gathering, at)
    return [OtherGathering.model_validate(other).model_dump(mode="json") for other in found]
