"""Rules for taking, moving and giving back a time. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice

from services.booking.resources.rules import OpenTo, Period, Slot, Taken, Timetable, runs
from shared.errors import Conflict, FieldError, Forbidden, Invalid, Text
from shared.events.bookings import Channel, Purpose, ResourceKind

# Far enough for next year's general meeting; somebody who types 2062 for 2026 is told.
HORIZON = timedelta(days=730)
# One booking is one meeting or loan; a season is many bookings.
LONGEST = timedelta(days=31)
# Whoever books from outside takes slots of at most a day together, however long the place is open.
LONGEST_RUN = timedelta(days=1)
ALTERNATIVES = 5
ALTERNATIVES_WITHIN = timedelta(days=30)


class BookingState(StrEnum):
    """`held` is not a booking yet: a time kept for a few minutes, or offered to somebody who waits for it."""

    HELD = "held"
    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    COMPLETED = "completed"
    NO_SHOW = "no_show"


class Step(StrEnum):
    """What can be done with a booking that somebody has."""

    CONFIRM = "confirm"
    DECLINE = "decline"
    CANCEL = "cancel"
    MOVE = "move"
    COMPLETE = "complete"
    NO_SHOW = "no_show"


ALIVE = frozenset({BookingState.REQUESTED, BookingState.CONFIRMED})
# Nothing leads out of the other states: who counted wrong tells it in another booking, not by rewriting a fact.
FROM = {
    Step.CONFIRM: frozenset({BookingState.REQUESTED}),
    Step.DECLINE: frozenset({BookingState.REQUESTED}),
    Step.CANCEL: ALIVE,
    Step.MOVE: ALIVE,
    Step.COMPLETE: frozenset({BookingState.CONFIRMED}),
    Step.NO_SHOW: frozenset({BookingState.CONFIRMED}),
}


class SlotTaken(Conflict):
    slug = "slot-taken"
    title = Text("Tiden er lige blevet taget", "The time has just been taken")


class AlreadyCancelled(Conflict):
    slug = "already-cancelled"
    title = Text("Den er allerede aflyst", "It is already cancelled")


class AlreadyBegun(Conflict):
    slug = "already-begun"
    title = Text(
        "Tiden er begyndt; ring til os, hvis noget skal ændres", "The time has begun; call us if something must change"
    )


class TooLate(Conflict):
    slug = "too-late"
    title = Text(
        "Det er for tæt på til at ændre det selv; ring til os", "It is too close to change it yourself; call us"
    )


class NotYetBegun(Conflict):
    slug = "not-yet-begun"
    title = Text("Tiden er ikke begyndt endnu", "The time has not begun yet")


class OtherState(Conflict):
    slug = "other-state"
    title = Text("Det kan ikke lade sig gøre, som bookingen står", "As the booking stands, that cannot be done")


class AskAnew(Conflict):
    slug = "ask-anew"
    title = Text(
        "Tiden er godkendt, som den er: bed om en ny, og aflys så denne",
        "This time was approved as it is: ask for another, then cancel this one",
    )


class QuotaUsed(Conflict):
    slug = "quota-used"
    title = Text("I har brugt jeres tider i den måned", "You have used your bookings of that month")


class NotOpenToYou(Forbidden):
    slug = "not-open-to-you"
    title = Text("Den kan ikke bookes af alle", "Not everybody can book it")


def channel_of(given: Channel | None, *, staff: bool) -> Channel:
    """Staff book for somebody else unless they say otherwise; nobody but staff can."""
    if given is Channel.ASSISTED and not staff:
        raise Invalid.field("channel", "kan kun vælges af centrets medarbejdere", "is for the centre's staff only")
    return given or (Channel.ASSISTED if staff else Channel.SELF)


def purpose_of(given: Purpose | None, kind: ResourceKind) -> Purpose:
    if given is None and kind is ResourceKind.CONVERSATION:
        raise Invalid.field("purpose", "skal udfyldes for en samtale", "is required for a conversation")
    return given or Purpose.OTHER


def check_open_to(open_to: OpenTo, *, staff: bool, association: bool) -> None:
    if staff or open_to is OpenTo.EVERYONE or (open_to is OpenTo.MEMBERS and association):
        return
    raise NotOpenToYou


def check_step(step: Step, state: BookingState) -> None:
    if state in FROM[step]:
        return
    if state is BookingState.CANCELLED:
        raise AlreadyCancelled
    raise OtherState(state=state.value)


def check_notice(starts_at: datetime, notice: timedelta, now: datetime, *, staff: bool) -> None:
    """Citizens change and cancel in time for somebody else to use it; staff always."""
    if staff:
        return
    if starts_at <= now:
        raise AlreadyBegun
    if starts_at < now + notice:
        raise TooLate


def check_begun(starts_at: datetime, now: datetime) -> None:
    if starts_at > now:
        raise NotYetBegun


def is_record(wanted: Period, channel: Channel, now: datetime) -> bool:
    """Whether staff write down what already happened. Then nothing but the truth limits when it was."""
    return channel is Channel.ASSISTED and wanted.starts_at <= now


def check_times(wanted: Period, channel: Channel, now: datetime) -> None:
    """What no timetable can make right."""
    wrong: list[FieldError] = []
    if wanted.starts_at <= now and channel is Channel.SELF:
        wrong.append(FieldError("starts_at", Text("er allerede forbi", "is already over")))
    if wanted.starts_at > now + HORIZON:
        wrong.append(FieldError("starts_at", Text("må højst være to år fremme", "may be two years ahead at most")))
    if not timedelta() < wanted.ends_at - wanted.starts_at <= LONGEST:
        wrong.append(
            FieldError(
                "ends_at",
                Text(
                    "skal være senere end begyndelsen, højst 31 dage",
                    "must be later than the start, by 31 days at most",
                ),
            )
        )
    if wrong:
        raise Invalid(errors=wrong)


def check_ahead(times: Timetable, wanted: Period, now: datetime, *, staff: bool) -> None:
    """Notice and horizon are for whoever books from outside; staff know what can be done."""
    if not staff and not times.in_time(wanted.starts_at, now):
        soon = wanted.starts_at <= now + times.notice
        raise Invalid.field(
            "starts_at",
            "er med for kort varsel" if soon else "er for langt fremme",
            "is at too short notice" if soon else "is too far ahead",
        )


def check_grid(wanted: Period, kind: ResourceKind, slots: Sequence[Slot]) -> None:
    """A conversation takes exactly one slot, everything else one or several that follow each other."""
    if all(slot.period.starts_at != wanted.starts_at for slot in slots):
        raise Invalid.field(
            "starts_at",
            "er ikke begyndelsen på en tid inden for åbningstiden",
            "is not the beginning of a slot within the opening hours",
        )
    if all(slot.period != wanted for slot in slots) and wanted not in offered(
        kind, slots, wanted.ends_at - wanted.starts_at
    ):
        raise Invalid.field(
            "ends_at",
            "skal være slutningen på den samme tid, eller for andet end samtaler på en af de følgende samme dag",
            "must be the end of the same slot or, except for conversations, of one that follows within a day",
        )


def offered(kind: ResourceKind, slots: Sequence[Slot], length: timedelta) -> list[Period]:
    """What of that length can be booked if nothing is taken."""
    if kind is ResourceKind.CONVERSATION:
        return [slot.period for slot in slots if slot.period.ends_at - slot.period.starts_at == length]
    return list(runs(slots, length)) if length <= LONGEST_RUN else []


def alternatives(
    wanted: Period,
    kind: ResourceKind,
    slots: Sequence[Slot],
    taken: Taken,
    times: Timetable,
    now: datetime,
    *,
    most: int = ALTERNATIVES,
) -> list[Period]:
    """The next free times that are as long as the one which was not to be had."""
    after = max(wanted.starts_at, now)
    found = (
        period
        for period in offered(kind, slots, wanted.ends_at - wanted.starts_at)
        if period.starts_at > after
        and period != wanted
        and times.in_time(period.starts_at, now)
        and taken.leaves(times.blocked(period))
    )
    return list(islice(found, most))


def true_since(latest: datetime, now: datetime) -> datetime:
    """When a fact about a booking became true: now, but for what is recorded afterwards no later than `latest`."""
    return min(now, latest)
