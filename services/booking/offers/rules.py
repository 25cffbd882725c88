"""The one rule by which what became free is offered to those who wait: in whose turn, and until when. Pure."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from shared.errors import Conflict, Text

Place = TypeVar("Place")
Thing = TypeVar("Thing")


class LineKind(StrEnum):
    """What somebody waits for: a `time` of a resource, or a `seat` at a gathering."""

    TIME = "time"
    SEAT = "seat"


class OfferState(StrEnum):
    """`lapsed`: nobody answered in time. `withdrawn`: they no longer wait, or there is nothing to come to."""

    STANDING = "standing"
    TAKEN = "taken"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class NothingOffered(Conflict):
    slug = "nothing-offered"
    title = Text("Du har ikke noget tilbud, du kan svare på", "You have no offer to answer")


class OfferExpired(Conflict):
    slug = "offer-expired"
    title = Text("Tilbuddet er udløbet og er gået videre", "The offer is over and has moved on")


def hand_out(
    line: Iterable[Place],
    free: Sequence[Thing],
    fits: Callable[[Place, Thing], bool],
    excludes: Callable[[Thing, Thing], bool],
) -> list[tuple[Place, Thing]]:
    """Who is offered what: in the order of the line, to each the first that fits and that no earlier offer excludes.

    Whoever nothing fits is passed over and keeps their place.
    """
    offers: list[tuple[Place, Thing]] = []
    left = list(free)
    for place in line:
        if (found := next((thing for thing in left if fits(place, thing)), None)) is not None:
            offers.append((place, found))
            left = [thing for thing in left if not excludes(found, thing)]
    return offers


def answer_by(
    now: datetime, given: timedelta, closes: datetime, shortest: timedelta = timedelta(microseconds=1)
) -> datetime | None:
    """Until when an offer stands: for the time that is given, but never beyond when it can still be taken.

    None where nobody could answer any more, or would have to be quicker than `shortest`.
    """
    until = min(now + given, closes)
    return until if until - now >= shortest else None


def stands(until: datetime | None, now: datetime) -> bool:
    return until is not None and now < until
