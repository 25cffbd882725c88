"""Rules for taking and giving back a time. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice

from services.booking.resources.rules import Period, Slot, Taken, runs
from shared.errors import Conflict, FieldError, Invalid, Text
from shared.events.booking import Channel, Purpose, ResourceKind

# Far enough for next year's general meeting; somebody who types 2062 for 2026 is told.
HORIZON = timedelta(days=730)
# One booking is one meeting or loan; a season is many bookings.
LONGEST = timedelta(days=31)
# Whoever books from outside takes slots of at most a day together, however long the place is open.
LONGEST_RUN = timedelta(days=1)
ALTERNATIVES = 5
ALTERNATIVES_WITHIN = timedelta(days=30)


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


def channel_of(given: Channel | None, *, staff: bool) -> Channel:
    """Staff book for somebody else unless they say otherwise; nobody but staff can."""
    if given is Channel.ASSISTED and not staff:
        raise Invalid.field("channel", "kan kun vælges af centrets medarbejdere", "is for the centre's staff only")
    return given or (Channel.ASSISTED if staff else Channel.SELF)


def purpose_of(given: Purpose | None, kind: ResourceKind) -> Purpose:
    if given is None and kind is ResourceKind.CONVERSATION:
        raise Invalid.field("purpose", "skal udfyldes for en samtale", "is required for a conversation")
    return given or Purpose.OTHER


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


def check_grid(wanted: Period, kind: ResourceKind, slots: Sequence[Slot]) -> None:
    """A conversation takes exactly one slot, everything else one or several that follow each other."""
    if all(slot.period.starts_at != wanted.starts_at for slot in slots):
        raise Invalid.field(
            "starts_at",
            "er ikke begyndelsen på en tid inden for åbningstiden",
            "is not the beginning of a slot within the opening hours",
        )
    if wanted not in offered(kind, slots, wanted.ends_at - wanted.starts_at):
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
    wanted: Period, kind: ResourceKind, slots: Sequence[Slot], taken: Taken, buffer: timedelta, now: datetime
) -> list[Period]:
    """The next free times that are as long as the one which was taken."""
    after = max(wanted.starts_at, now)
    times = (
        period
        for period in offered(kind, slots, wanted.ends_at - wanted.starts_at)
        if period.starts_at > after and taken.leaves(period, buffer)
    )
    return list(islice(times, ALTERNATIVES))


def true_since(starts_at: datetime, now: datetime) -> datetime:
    """When a fact about a booking became true: now, but for what is recorded afterwards no later than its beginning."""
    return min(now, starts_at)
