"""Rules for gatherings. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from shared.errors import Conflict, FieldError, Invalid, Problem, Text

HORIZON = timedelta(days=3 * 366)
LONGEST = timedelta(days=31)


class GatheringState(StrEnum):
    SCHEDULED = "scheduled"
    HELD = "held"
    CANCELLED = "cancelled"


class Admission(StrEnum):
    """How one gets in: `signup` (a seat is asked for), `drop_in` (whoever comes, comes)."""

    SIGNUP = "signup"
    DROP_IN = "drop_in"


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

# What those who have signed up must be told of, should it change.
WHEN_AND_WHERE = ("starts_at", "ends_at", "locality", "place", "form", "stops")
# What decides who sits where.
SEATING = ("capacity", "criteria", "admission")


@dataclass(frozen=True)
class Criterion:
    """Something that those who sign up say of themselves: all must (`required`), or `places` are kept for who does."""

    key: str
    required: bool
    places: int


def criteria_of(stored: Sequence[Mapping[str, Any]]) -> list[Criterion]:
    return [Criterion(each["key"], each["required"], each["places"] or 0) for each in stored]


def check_times(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if starts_at > now + HORIZON:
        raise Invalid.field("starts_at", "må højst være tre år fremme", "may be three years ahead at most")
    if not timedelta() < ends_at - starts_at <= LONGEST:
        raise Invalid.field(
            "ends_at",
            "skal være senere end begyndelsen, højst 31 dage",
            "must be later than the start, by 31 days at most",
        )


def check_stops(stops: Sequence[datetime], starts_at: datetime, ends_at: datetime) -> None:
    """A bus passes its stops in order, between its departure and its arrival."""
    before = starts_at
    for number, at in enumerate(stops):
        if not before <= at <= ends_at:
            raise Invalid.field(
                f"stops[{number}].at",
                "skal ligge efter det forrige stop og inden for turen",
                "must be later than the stop before and within the run",
            )
        before = at


def check_criteria(criteria: Sequence[Criterion], capacity: int | None) -> None:
    wrong = [
        FieldError(f"criteria[{number}].key", Text("står der to gange", "is there twice"))
        for number, each in enumerate(criteria)
        if each.key in [other.key for other in criteria[:number]]
    ]
    wrong += [
        FieldError(
            f"criteria[{number}].places",
            Text("giver ingen mening, når alle skal opfylde det", "makes no sense where everybody must meet it"),
        )
        for number, each in enumerate(criteria)
        if each.required and each.places
    ]
    kept = sum(each.places for each in criteria)
    if kept and (capacity is None or kept > capacity):
        wrong.append(
            FieldError("criteria", Text("holder flere pladser, end der er", "keep more places than there are"))
        )
    if wrong:
        raise Invalid(errors=wrong)


def check_open(state: GatheringState) -> None:
    if state in FINAL:
        raise FINAL[state]


def check_begun(starts_at: datetime, now: datetime) -> None:
    if starts_at > now:
        raise Invalid.field("starts_at", "er ikke begyndt endnu", "has not begun yet")


def how_many_came(told: int | None, recorded: int | None) -> int:
    """Heads and list must agree: two numbers of one gathering would make two truths of one goal."""
    if told is None and recorded is None:
        raise Invalid.field("participants", "skal udfyldes", "is required")
    if told is not None and recorded is not None and told != recorded:
        raise Invalid.field(
            "participants", f"er {recorded} efter det, der er registreret", f"is {recorded} by what was recorded"
        )
    return told if recorded is None and told is not None else recorded or 0
