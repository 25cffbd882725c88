"""Whose turn it is: the one rule by which what became free is offered to those who wait. Pure, for times and seats."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

Waiter = TypeVar("Waiter")
Thing = TypeVar("Thing")


def hand_out(
    line: Iterable[Waiter],
    free: Sequence[Thing],
    fits: Callable[[Waiter, Thing], bool],
    excludes: Callable[[Thing, Thing], bool],
) -> list[tuple[Waiter, Thing]]:
    """Who is offered what: in the order of the line, to each the first that fits and that no earlier offer excludes.

    Whoever nothing fits is passed over and keeps their place.
    """
    offers: list[tuple[Waiter, Thing]] = []
    left = list(free)
    for waiter in line:
        if (found := next((thing for thing in left if fits(waiter, thing)), None)) is not None:
            offers.append((waiter, found))
            left = [thing for thing in left if not excludes(found, thing)]
    return offers


def answer_by(now: datetime, given: timedelta, closes: datetime) -> datetime | None:
    """Until when an offer stands: for the time that is given, but never beyond when it can still be taken.

    None where nobody could answer any more.
    """
    until = min(now + given, closes)
    return until if until > now else None


def stands(until: datetime | None, now: datetime) -> bool:
    return until is not None and now < until
