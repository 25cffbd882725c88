"""Rules for gatherings. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from shared.errors import Conflict, Invalid, Problem, Text

HORIZON = timedelta(days=3 * 366)
LONGEST = timedelta(days=31)


class GatheringState(StrEnum):
    SCHEDULED = "scheduled"
    HELD = "held"
    CANCELLED = "cancelled"


class AlreadyHeld(Conflict):
    slug = "already-held"
    title = Text("Den er allerede afholdt", "It has already been held")


class AlreadyCancelled(Conflict):
    slug = "already-cancelled"
    title = Text("Den er allerede aflyst", "It is already cancelled")


# Held and cancelled are both final: a miscount is told in a new gathering, not by rewriting what was published.
FINAL: dict[GatheringState, type[Problem]] = {
    GatheringState.HELD: AlreadyHeld,
    GatheringState.CANCELLED: AlreadyCancelled,
}


def check_times(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if starts_at > now + HORIZON:
        raise Invalid.field("starts_at", "må højst være tre år fremme", "may be three years ahead at most")
    if not timedelta() < ends_at - starts_at <= LONGEST:
        raise Invalid.field(
            "ends_at",
            "skal være senere end begyndelsen, højst 31 dage",
            "must be later than the start, by 31 days at most",
        )


def check_open(state: GatheringState) -> None:
    if state in FINAL:
        raise FINAL[state]


def check_begun(starts_at: datetime, now: datetime) -> None:
    if starts_at > now:
        raise Invalid.field("starts_at", "er ikke begyndt endnu", "has not begun yet")
