"""Rules for seats: who gets one, who waits, how long an offer stands. Pure."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.booking.gatherings.rules import FINAL, Admission, Criterion, GatheringState
from services.booking.offers.rules import answer_by
from shared.errors import Conflict, Forbidden, Invalid, Text
from shared.events.bookings import Channel

# A day is long enough for whoever reads mail in the evening; nearer to the beginning the queue moves faster.
OFFER_STANDS = timedelta(days=1)
# An offer that is over before anybody has read of it helps nobody: so late a free seat is for whoever asks first.
SHORTEST_OFFER = timedelta(minutes=30)


class SignupState(StrEnum):
    """`offered`: a seat is held for somebody who waits, until they take it or the offer is over."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    CANCELLED = "cancelled"


class GatheringFull(Conflict):
    slug = "gathering-full"
    title = Text("Der er ingen ledig plads", "There is no free seat")


class NoSignup(Conflict):
    slug = "no-signup"
    title = Text("Her kommer man uden tilmelding", "No sign-up is needed here")


class AlreadyBegun(Conflict):
    slug = "already-begun"
    title = Text("Det er begyndt", "It has begun")


class SignupEnded(Conflict):
    slug = "already-cancelled"
    title = Text("Tilmeldingen er allerede afmeldt", "The sign-up is already cancelled")


@dataclass(frozen=True)
class Room:
    """The seats 1 … capacity. The first ones are kept, criterion by criterion; without a capacity there is no end."""

    capacity: int | None
    criteria: Sequence[Criterion] = ()

    @property
    def kept(self) -> Sequence[int]:
        return range(1, 1 + sum(each.places for each in self.criteria))

    def may_have(self, meets: Set[str], seat: int) -> bool:
        return seat not in self.kept or seat in self.for_those_who(meets)

    def for_those_who(self, meets: Set[str]) -> Iterable[int]:
        """The seats somebody may have: first those kept for them, so that the open ones last longer."""
        first = 1
        kept: list[int] = []
        for each in self.criteria:
            seats = range(first, first + each.places)
            first = seats.stop
            if each.key in meets:
                kept += seats
        return [*kept, *range(first, (self.capacity or 0) + 1)]

    def seat_for(self, meets: Set[str], taken: Set[int]) -> int | None:
        return next((seat for seat in self.for_those_who(meets) if seat not in taken), None)

    def seat_all(self, holders: Sequence[tuple[UUID, Set[str]]]) -> dict[UUID, int] | None:
        """Everybody on a seat of this room, first come, first seated; None when they have no room in it."""
        seats: dict[UUID, int] = {}
        taken: set[int] = set()
        for id, meets in holders:
            seat = self.seat_for(meets, taken)
            if seat is None:
                return None
            seats[id] = seat
            taken.add(seat)
        return seats


def channel_of(given: Channel | None, *, staff: bool) -> Channel:
    """Staff sign up somebody else unless they say otherwise; nobody but staff can."""
    if given is Channel.ASSISTED and not staff:
        raise Invalid.field("channel", "kan kun vælges af centrets medarbejdere", "is for the centre's staff only")
    return given or (Channel.ASSISTED if staff else Channel.SELF)


def check_invited(invited: bool, *, staff: bool) -> None:
    if invited and not staff:
        raise Invalid.field("invited", "kan kun vælges af centrets medarbejdere", "is for the centre's staff only")


def organisation_of(given: UUID | None, own: UUID | None) -> UUID | None:
    """An association signs up its own people; everybody else may say whom they come for."""
    if own and given not in (None, own):
        raise Forbidden(Text("Det er ikke jeres egen forening", "It is not your own association"))
    return own or given


def check_open(state: GatheringState, admission: Admission, starts_at: datetime, now: datetime, *, staff: bool) -> None:
    """Citizens sign up until it begins; staff also write down who came along unannounced."""
    if state in FINAL:
        raise FINAL[state]
    if admission is Admission.DROP_IN:
        raise NoSignup
    if starts_at <= now and not staff:
        raise AlreadyBegun


def check_meets(meets: Sequence[str], criteria: Sequence[Criterion]) -> None:
    known = {each.key for each in criteria}
    for number, key in enumerate(meets):
        if key not in known:
            raise Invalid.field(f"meets[{number}]", "er ikke et kriterium her", "is not a criterion here")
    if missing := [each.key for each in criteria if each.required and each.key not in meets]:
        raise Invalid.field("meets", f"mangler: {', '.join(missing)}", f"lacks: {', '.join(missing)}")


def offer_until(now: datetime, starts_at: datetime) -> datetime | None:
    """Until when an offer stands that is made now; None when it is too late to offer anything.

    Half of the time that is left, so that the next in the queue has a chance, too.
    """
    return answer_by(now, min(OFFER_STANDS, (starts_at - now) / 2), starts_at, SHORTEST_OFFER)
