"""One compiled number of a goal: which facts it hears, what it takes of them, and how they add up."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache, cached_property
from hashlib import blake2b
from typing import NamedTuple

from services.kpi.counting.fact import Fact, value_at
from services.kpi.counting.keys import SEPARATOR, GoalKey, TallyKey
from shared.clock import DANISH

ONE = Decimal(1)


def hashed(member: str) -> int:
    """Eight bytes are enough to tell millions apart, and too few to find the visitor again."""
    return int.from_bytes(blake2b(member.encode(), digest_size=8).digest(), signed=True)


class Adding(Enum):
    """What makes an entry count, given that its facts may come late, twice and in any order."""

    SWITCH = "switch"
    """The fact with the highest sequence says whether it counts."""
    EARLIEST = "earliest"
    """The first of its facts, by time, represents it."""
    NEWEST = "newest"
    """The last of its facts, by date, represents it."""
    SERIES = "series"
    """Switches, of which only the one with the newest date counts."""
    FIRST = "first"
    """Switches, of which only the one with the oldest date counts."""
    LARGEST = "largest"
    """Switches, of which only the one with the largest amount counts."""
    MARK = "mark"
    """It counts once; nothing takes it out."""


@dataclass(frozen=True, slots=True)
class Window:
    """The days whose facts count, in Danish time."""

    first: date | None
    last: date
    since: datetime | None
    until: datetime

    def holds(self, time: datetime) -> bool:
        return time < self.until and (self.since is None or time >= self.since)

    def holds_day(self, day: date) -> bool:
        return day <= self.last and (self.first is None or day >= self.first)


CHOOSING = (Adding.SERIES, Adding.FIRST, Adding.LARGEST)


class Items(NamedTuple):
    """What a list must hold: so many items that meet these conditions, or so many different values of a field."""

    at_least: int
    conditions: tuple[tuple[str, frozenset[object]], ...]
    distinct: str | None

    def held_by(self, found: list[object]) -> bool:
        items = [each for each in found if self._meets(each)]
        if self.distinct is None:
            return len(items) >= self.at_least
        values = {value_at(each, self.distinct) for each in items if isinstance(each, dict)}
        return len(values - {None}) >= self.at_least

    def _meets(self, item: object) -> bool:
        if not isinstance(item, dict):
            return not self.conditions
        return all(_holds(value_at(item, field), wanted) for field, wanted in self.conditions)


Wanted = frozenset[object] | tuple[Items, ...]
Conditions = tuple[tuple[str, Wanted], ...]


@dataclass(frozen=True, slots=True)
class Counter:
    goal: GoalKey
    part: str
    adding: Adding
    window: Window
    conditions: Conditions = ()
    key: tuple[str, ...] = ()
    """Fields that name the entry; none means the event's subject."""
    by: str | None = None
    members: frozenset[str] | None = None
    dimension: str = ""
    """The one dimension this counter is for, where facts do not name it: a quarter, on time or late."""
    exclusive: bool = False
    """Its siblings are for other windows: when a fact puts the entry into theirs, it is taken out of ours."""
    value: str | None = None
    dated_by: str | None = None
    """The field whose date counts instead of the event's time."""
    over_all_time: bool = False
    """Facts outside the window are remembered, because they decide which one was the first."""
    level: bool = False
    """A level at a date: leaving after the window changes nothing. Elsewhere an undoing counts whenever it comes."""
    companion: str | None = None
    """The part whose entry of the same key must count as well (a ratio's numerator)."""

    def matches(self, fact: Fact) -> bool:
        return all(_holds(value_at(fact.data, field), wanted) for field, wanted in self.conditions)

    def dimensions(self, fact: Fact) -> Iterator[str]:
        if self.by is None:
            yield self.dimension
            return
        found = value_at(fact.data, self.by)
        if found is None and self.members is None:
            # It happened, and nobody said where: it belongs to the whole and to no part.
            yield ""
        for member in found if isinstance(found, list) else [found]:
            if isinstance(member, str) and (self.members is None or member in self.members):
                yield member

    def tally(self, dimension: str) -> TallyKey:
        return TallyKey(*self.goal, self.part, dimension)

    @property
    def chooses(self) -> bool:
        """Whether one entry stands for the number, so that every one must be known."""
        return self.adding in CHOOSING

    @property
    def asked(self) -> set[str]:
        """The fields whose values say whether it matches, and for which dimensions."""
        return {field for field, _ in self.conditions} | ({self.by} if self.by else set())

    def name(self, fact: Fact) -> str | None:
        """What the fact is about, among the things that are counted; None where it does not say."""
        if not self.key:
            return fact.subject
        found = [value_at(fact.data, field) for field in self.key]
        return None if any(each is None for each in found) else SEPARATOR.join(map(str, found))

    def member(self, fact: Fact) -> str:
        """Who the fact adds to the set."""
        return SEPARATOR.join([str(value_at(fact.data, field)) for field in self.key])

    def day(self, fact: Fact) -> date:
        if self.dated_by is None:
            return fact.time.astimezone(DANISH).date()
        return date.fromisoformat(str(value_at(fact.data, self.dated_by)))

    def amount(self, fact: Fact) -> Decimal | None:
        """None when the fact says nothing about this number, such as a survey that did not ask."""
        if self.value is None:
            return ONE
        found = value_at(fact.data, self.value)
        if isinstance(found, bool):
            return Decimal(int(found))
        return None if found is None else Decimal(str(found))

    def in_window(self, fact: Fact) -> bool:
        return self.window.holds(fact.time) if self.dated_by is None else self.window.holds_day(self.day(fact))


def _holds(found: object, wanted: Wanted) -> bool:
    if isinstance(wanted, tuple):
        return isinstance(found, list) and all(each.held_by(found) for each in wanted)
    if isinstance(found, list):
        return any(each in wanted for each in found)
    return isinstance(found, str | bool | int) and found in wanted


@dataclass(frozen=True)
class Listener:
    """A counter at one event type: whether the fact makes the entry count or takes it out."""

    counter: Counter
    on: bool

    @cached_property
    def manner(self) -> Counter:
        """How it counts, without a word of which facts and whose number: one object for all that count alike."""
        return _one(replace(self.counter, goal=NO_GOAL, part="", dimension="", conditions=(), by=None, members=None))


NO_GOAL = GoalKey("", "", "")


@cache
def _one(manner: Counter) -> Counter:
    return manner
