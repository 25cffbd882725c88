"""Rules for sharing a season: which times a wish names, which want the same, and who gets what. Pure."""

import hashlib
import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from enum import StrEnum
from itertools import combinations
from typing import NamedTuple
from uuid import UUID

from services.booking.resources.rules import Period, Span
from shared.errors import Conflict, Text

TAKEN_IN_ROUND, NOTHING_FITS = "taken-in-round", "nothing-fits"


class RoundState(StrEnum):
    OPEN = "open"
    DECIDED = "decided"


class Rule(StrEnum):
    """By which rule a round is decided; `turns` is told in words wherever a round is shown."""

    TURNS = "turns"


IN_WORDS = {
    Rule.TURNS: Text(
        "Tiderne deles ud i ture, én tid ad gangen. Turen går til den forening, der indtil da har fået færrest timer; "
        "står flere lige, til den, der har ønsket færrest timer i alt, og derefter efter lodtrækning: foreningens id "
        "efter rundens lod (seed), SHA-256, laveste først. Foreningen får den næste tid i sit vigtigste ønske: først "
        "de tider, som færrest andre foreninger også kunne ville have, så de tidligste. Den får det første ledige sted "
        "i den rækkefølge, den selv har skrevet; er intet ledigt, går den videre til sin næste tid. Det slutter, når "
        "ingen kan få mere. At ønske meget giver ingen forrang.",
        "Times are shared out in turns, one time at a turn. The turn is that of the association which has been given "
        "the fewest hours so far; among equals, of the one that wished for the fewest hours in all, and then by lot: "
        "the SHA-256 of the round's seed and the association's id, lowest first. It is given the next time of its most "
        "important wish: first those which the fewest other associations could want, too, then the earliest. It is "
        "given the first free place in the order in which it named them; where none is, it goes on to its next time. "
        "It ends when nobody can be given more. Wishing for much gives no precedence.",
    )
}


class WishesAreOver(Conflict):
    slug = "wishes-are-over"
    title = Text("Fristen for ønsker er udløbet", "The last day for wishes is over")


class WishesAreOpen(Conflict):
    slug = "wishes-are-open"
    title = Text("Der kan stadig ønskes", "Wishes can still be made")


class NotDecided(Conflict):
    slug = "not-decided"
    title = Text("Der er ikke fordelt endnu", "It has not been decided yet")


class TooManyWishes(Conflict):
    slug = "too-many-wishes"
    title = Text("I har så mange ønsker, som man kan have", "You have as many wishes as one can have")


class Spot(NamedTuple):
    """A resource as the allocation sees it: what it blocks, and the air around each of its bookings."""

    resource_id: UUID
    span: Span
    before: timedelta = timedelta()
    after: timedelta = timedelta()

    def blocked(self, period: Period) -> Period:
        return Period(period.starts_at - self.before, period.ends_at + self.after)


@dataclass(frozen=True)
class Want:
    """A wish: its times, and the places that it would take, the dearest first."""

    id: UUID
    organisation_id: UUID
    priority: int
    spots: Sequence[Spot]
    times: Sequence[Period]

    @property
    def hours(self) -> float:
        return sum(map(hours, self.times))


class Outcome(NamedTuple):
    """What one time of a wish came to: where it was given, or why not. `turn` counts from 1."""

    period: Period
    resource_id: UUID | None
    reason: str | None
    turn: int | None = None


def hours(period: Period) -> float:
    return (period.ends_at - period.starts_at) / timedelta(hours=1)


def lot(seed: str, organisation_id: UUID) -> str:
    """Where the draw puts an association: anybody can do the sum."""
    return hashlib.sha256(f"{seed}/{organisation_id}".encode()).hexdigest()


class Given:
    """What has been given so far. Looked up by tree and day, because a season has thousands of times."""

    def __init__(self) -> None:
        self._days: dict[tuple[int, date], list[tuple[Span, Period]]] = {}

    def leaves(self, spot: Spot, period: Period) -> bool:
        blocked = spot.blocked(period)
        return not any(
            overlap(spot.span, blocked, span, other)
            for day in _days(blocked)
            for span, other in self._days.get((spot.span.tree, day), ())
        )

    def add(self, spot: Spot, period: Period) -> None:
        blocked = spot.blocked(period)
        for day in _days(blocked):
            self._days.setdefault((spot.span.tree, day), []).append((spot.span, blocked))


def overlap(span: Span, period: Period, other_span: Span, other: Period) -> bool:
    return (
        span.begin < other_span.end
        and other_span.begin < span.end
        and period.starts_at < other.ends_at
        and other.starts_at < period.ends_at
    )


def _days(period: Period) -> Iterator[date]:
    day, last = period.starts_at.astimezone(UTC).date(), period.ends_at.astimezone(UTC).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def allocate(
    wants: Iterable[Want], seed: str, hindered: Mapping[tuple[UUID, Period], str]
) -> dict[UUID, list[Outcome]]:
    """Who gets what, by `IN_WORDS[Rule.TURNS]`. `hindered` says why a resource cannot be had at a time at all.

    The order in which the wishes come makes no difference. What has been refused once stays refused, because nothing
    is taken back; so every time is looked at once, and each association's list is gone through from one end.
    """
    ordered = sorted(wants, key=lambda want: (want.priority, want.id))
    queues: dict[UUID, Iterator[tuple[Want, Period]]] = {}
    contested = rivals(ordered)
    wished: dict[UUID, float] = {}
    for want in ordered:
        wished[want.organisation_id] = wished.get(want.organisation_id, 0.0) + want.hours
    for id in wished:
        asked = [(want, time) for want in ordered if want.organisation_id == id for time in want.times]
        # What only they want does not run away, and a time that others want is left to those who have nothing else.
        asked.sort(
            key=lambda each: (each[0].priority, len(contested.get((each[0].id, each[1]), ())), each[1], each[0].id)
        )
        queues[id] = iter(asked)
    given, turn = Given(), 0
    outcomes: dict[UUID, list[Outcome]] = {want.id: [] for want in ordered}
    next_up = [(0.0, wished[id], lot(seed, id), id) for id in wished]
    heapq.heapify(next_up)
    while next_up:
        so_far, wished_for, drawn, id = heapq.heappop(next_up)
        for want, time in queues[id]:
            outcome = _served(want, time, given, hindered)
            if outcome.resource_id is not None:
                turn += 1
                outcomes[want.id].append(outcome._replace(turn=turn))
                heapq.heappush(next_up, (so_far + hours(time), wished_for, drawn, id))
                break
            outcomes[want.id].append(outcome)
    return {id: sorted(each, key=lambda outcome: outcome.period) for id, each in outcomes.items()}


def _served(want: Want, time: Period, given: Given, hindered: Mapping[tuple[UUID, Period], str]) -> Outcome:
    """The first of the places that is free; or why the dearest is not, unless one was lost only to the round."""
    reasons = []
    for spot in want.spots:
        reason = hindered.get((spot.resource_id, time))
        if reason is None and given.leaves(spot, time):
            given.add(spot, time)
            return Outcome(time, spot.resource_id, None)
        reasons.append(reason or TAKEN_IN_ROUND)
    return Outcome(time, None, TAKEN_IN_ROUND if TAKEN_IN_ROUND in reasons else (reasons or [NOTHING_FITS])[0])


@dataclass
class Collision:
    """Two wishes that would take the same place at the same time: how often, first when, and where."""

    wishes: tuple[Want, Want]
    times: set[Period]
    resource_ids: set[UUID]


def collisions(wants: Iterable[Want]) -> list[Collision]:
    """Those that another association's wish could be in the way of, or its own; in a fixed order."""
    found: dict[tuple[UUID, UUID], Collision] = {}
    for (one, here, time), (other, there, _) in _meetings(wants):
        collision = found.setdefault((one.id, other.id), Collision((one, other), set(), set()))
        collision.times.add(time)
        collision.resource_ids |= {here.resource_id, there.resource_id}
    return [found[pair] for pair in sorted(found)]


def rivals(wants: Iterable[Want]) -> dict[tuple[UUID, Period], set[UUID]]:
    """Which other associations could want each time of each wish."""
    found: dict[tuple[UUID, Period], set[UUID]] = {}
    for (one, _, time), (other, _, also) in _meetings(wants):
        if one.organisation_id != other.organisation_id:
            found.setdefault((one.id, time), set()).add(other.organisation_id)
            found.setdefault((other.id, also), set()).add(one.organisation_id)
    return found


def _meetings(wants: Iterable[Want]) -> Iterator[tuple[tuple[Want, Spot, Period], tuple[Want, Spot, Period]]]:
    """Any two wishes, each with a place and a time of its own, of which only one can come true; some of them twice."""
    by_day: dict[tuple[int, date], list[tuple[Want, Spot, Period]]] = {}
    for want in sorted(wants, key=lambda want: want.id):
        for spot in want.spots:
            for time in want.times:
                for day in _days(spot.blocked(time)):
                    by_day.setdefault((spot.span.tree, day), []).append((want, spot, time))
    for asked in by_day.values():
        for one, other in combinations(asked, 2):
            (_, here, time), (_, there, also) = one, other
            if one[0].id != other[0].id and overlap(here.span, here.blocked(time), there.span, there.blocked(also)):
                yield one, other
