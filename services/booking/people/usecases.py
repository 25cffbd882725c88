"""A person's rights: to be told what is kept of them, and to be forgotten. Counters and receipts know nobody."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.bookings.models import Booking
from services.booking.bookings.schemas import BookingAnswer, ContactAnswer
from services.booking.feeds import repository as feeds
from services.booking.messages import usecases as messages
from services.booking.messages.sealing import Seals
from services.booking.offers import repository as offers
from services.booking.people import repository
from services.booking.people.schemas import BookingExported, PersonExported
from services.booking.rounds import repository as rounds
from services.booking.rounds.schemas import OwnWish
from services.booking.signups import usecases as seats
from services.booking.signups.rules import SignupState
from services.booking.signups.schemas import answer_of as seat_of
from services.booking.waiting import usecases as line
from services.booking.waiting.rules import WaitingState
from services.booking.waiting.schemas import answer_of
from shared.auth import Principal
from shared.messaging.outbox import erase_contact


async def export(session: AsyncSession, tenant: str, id: UUID, caller: Principal, seals: Seals) -> PersonExported:
    contact = await repository.get(session, tenant, id)
    line, seated = await repository.waiting(session, contact), await repository.signups(session, contact)
    standing = await offers.standing(session, tenant, [each.id for each in (*line, *seated)])
    return PersonExported(
        id=contact.id,
        contact=ContactAnswer.model_validate(contact),
        bookings=[
            await _exported(session, booking, caller, seals) for booking in await repository.bookings(session, contact)
        ],
        waiting=[answer_of(each, standing.get(each.id)) for each in line],
        wishes=[OwnWish.model_validate(each) for each in await rounds.of_contact(session, tenant, id)],
        signups=[seat_of(each, standing.get(each.id)) for each in seated],
    )


async def _exported(session: AsyncSession, booking: Booking, caller: Principal, seals: Seals) -> BookingExported:
    message = None
    if booking.message and await messages.may_read(session, booking, caller):
        message = await messages.read(session, booking, caller, seals)
    return BookingExported(
        **BookingAnswer.model_validate(booking).model_dump(),
        cancel_reason=booking.cancel_reason,
        decline_reason=booking.decline_reason,
        has_message=booking.message is not None,
        message=message,
    )


async def erase(session: AsyncSession, tenant: str, id: UUID) -> None:
    """Forget who it was, here and wherever the contact was shared. What was booked stays booked, by nobody."""
    contact = await repository.get(session, tenant, id)
    await feeds.forget(session, tenant, await repository.things(session, contact))
    for booking in await repository.bookings(session, contact):
        # What staff and citizens wrote freely may name them.
        booking.message = booking.cancel_reason = booking.decline_reason = booking.contact_id = None
    for place in await repository.waiting(session, contact):
        if place.state in (WaitingState.WAITING, WaitingState.OFFERED):
            await line.leave(session, tenant, place.id)
        place.contact_id = None
    for signup in await repository.signups(session, contact):
        if signup.state in (SignupState.WAITLISTED, SignupState.OFFERED):
            await seats.leave(session, tenant, signup.id)
        signup.contact_id = None
    for wish in await rounds.of_contact(session, tenant, id):
        wish.note = wish.contact_id = None
    await repository.forget_answers(session, contact)
    await session.flush()
    await session.delete(contact)
    await session.flush()
    await erase_contact(session, tenant=tenant, contact_id=id)
