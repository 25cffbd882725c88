"""What booking knows of a person, as staff are answered when the person asks."""

from uuid import UUID

from services.booking.bookings.schemas import BookingAnswer, ContactAnswer
from services.booking.rounds.schemas import OwnWish
from services.booking.signups.schemas import SignupAnswer
from services.booking.waiting.schemas import WaitingAnswer
from shared.inputs import Address
from shared.validation import Answer, Body


class Sought(Body):
    """An address, in the body because addresses have no business in a URL."""

    email: Address


class Found(Answer):
    """The contact ids of that address: one for each request that was made with it."""

    items: list[UUID]


class BookingExported(BookingAnswer):
    cancel_reason: str | None
    decline_reason: str | None
    has_message: bool
    message: str | None


class PersonExported(Answer):
    """All that is kept under one contact id. `message` is null where it is for another adviser to read."""

    id: UUID
    contact: ContactAnswer
    bookings: list[BookingExported]
    waiting: list[WaitingAnswer]
    wishes: list[OwnWish]
    signups: list[SignupAnswer]
