"""Every live goal of every tenant, indexed by what it hears: from one fact to what it may change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from services.kpi.counting.counter import CHOOSING, Adding, Counter, Listener
from services.kpi.counting.fact import Fact
from services.kpi.counting.keys import EntryKey, GoalKey, MarkKey, TallyKey


class Touch(NamedTuple):
    """A fact that may change an entry."""

    counter: Counter
    key: EntryKey
    fact: Fact
    on: bool
    leaves_trace: bool
    """Whether an undoing is remembered though there is nothing to undo yet: it may have overtaken what it undoes."""


@dataclass(slots=True)
class Looked:
    """What a batch of facts may change, and so what must be known before it can be settled."""

    touches: list[Touch] = field(default_factory=list)
    marks: dict[MarkKey, Fact] = field(default_factory=dict)

    def entries(self) -> set[EntryKey]:
        found = {touch.key for touch in self.touches}
        return found | {
            touch.key._replace(part=touch.counter.companion) for touch in self.touches if touch.counter.companion
        }

    def series(self) -> dict[TallyKey, Adding]:
        """Numbers of which every entry must be known, because any of them may be the newest or largest."""
        return {touch.key.tally: touch.counter.adding for touch in self.touches if touch.counter.adding in CHOOSING}


class Registry:
    """Looks facts up; decides nothing."""

    def __init__(self, version: int, listeners: Iterable[tuple[str, Listener]]) -> None:
        self.version = version
        self._index: dict[tuple[str, str], list[Listener]] = {}
        self.goals: set[GoalKey] = set()
        self.tenants: set[str] = set()
        for wire, listener in listeners:
            goal = listener.counter.goal
            self.goals.add(goal)
            self.tenants.add(goal.tenant)
            self._index.setdefault((wire, goal.tenant), []).append(listener)

    def hears(self, wire: str, tenant: str) -> bool:
        return (wire, tenant) in self._index

    def listeners(self, wire: str, tenant: str) -> Sequence[Listener]:
        return self._index.get((wire, tenant), ())

    def counts_like(self, other: "Registry") -> bool:
        return self._index == other._index

    def look(self, fact: Fact, into: Looked) -> None:
        """Add to `into` what `fact` may change. Raises, and adds nothing, when the fact's data cannot be read."""
        found = Looked()
        for listener in self.listeners(fact.type, fact.tenant):
            counter = listener.counter
            if counter.adding is not Adding.MARK:
                found.touches += _touches(listener, fact)
            elif counter.window.holds(fact.time) and counter.matches(fact):
                for dimension in counter.dimensions(fact):
                    found.marks[counter.mark(fact, dimension)] = fact
        into.touches += found.touches
        for key, first in found.marks.items():
            into.marks.setdefault(key, first)


def _touches(listener: Listener, fact: Fact) -> Iterable[Touch]:
    counter, on = listener.counter, listener.on
    matches = counter.matches(fact)
    if listener.on:
        inside = counter.over_all_time or counter.in_window(fact)
        heard = matches and (inside or counter.exclusive) and counter.amount(fact) is not None
        on = inside
    else:
        heard = not counter.level or counter.in_window(fact)
    if not heard:
        return
    for dimension in counter.dimensions(fact):
        key = counter.entry(fact, dimension)
        if key is not None:
            yield Touch(counter, key, fact, on, matches)
