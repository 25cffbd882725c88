"""Every live goal of every tenant, indexed by what it hears: from one fact to what it may change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import msgspec

from services.kpi.counting.counter import Adding, Counter, Listener, hashed
from services.kpi.counting.fact import Fact, View, value_at
from services.kpi.counting.keys import GoalKey, Tallies, TallyKey
from services.kpi.merged.rules import Merged, as_one


class Touch(msgspec.Struct, frozen=True, gc=False):
    """A fact that may change where a thing stands in some numbers, all of which count in one manner."""

    counter: Counter
    tallies: Tallies
    key: str
    """The thing: a booking, a company, an association's answer."""
    fact: Fact
    on: bool
    leaves_trace: bool
    """Whether an undoing is remembered though there is nothing to undo yet: it may have overtaken what it undoes."""


class Match(msgspec.Struct, frozen=True):
    """What listeners of one manner make of a fact's words; dates, amounts and names are the fact's own."""

    counter: Counter
    on: bool
    matches: bool
    tallies: Tallies


@dataclass(slots=True)
class Looked:
    """What a batch of facts may change, and so what must be known before it can be settled."""

    touches: list[Touch] = field(default_factory=list)
    marks: dict[TallyKey, dict[int, Fact | View]] = field(default_factory=dict)
    """By set, its members by hash, each with the first fact that told of it."""

    def join(self, to: Tallies, member: str, fact: Fact | View) -> None:
        hash = hashed(member)
        for tally in to:
            self.marks.setdefault(tally, {}).setdefault(hash, fact)

    def things(self) -> dict[Tallies, set[str]]:
        """The things of which must be known where they stand, by the numbers in which they may move."""
        found: dict[Tallies, set[str]] = {}
        for touch in self.touches:
            found.setdefault(touch.tallies, set()).add(touch.key)
            if part := touch.counter.companion:
                found.setdefault(tuple(each.in_part(part) for each in touch.tallies), set()).add(touch.key)
        return found

    def series(self) -> dict[TallyKey, Adding]:
        """Numbers of which every entry must be known, because any of them may be the newest or largest."""
        choosing = [touch for touch in self.touches if touch.counter.chooses]
        return {tally: touch.counter.adding for touch in choosing for tally in touch.tallies}


MOST_KNOWN = 10_000


class Listeners:
    """Of one type of fact at one centre. A plan of a hundred goals asks for other words in most of them."""

    def __init__(self) -> None:
        self.all: list[Listener] = []
        self._always: list[int] = []
        self._by_word: dict[str, dict[object, list[int]]] = {}

    def add(self, listener: Listener) -> None:
        place = len(self.all)
        self.all.append(listener)
        asked = [(name, wanted) for name, wanted in listener.counter.conditions if isinstance(wanted, frozenset)]
        if not listener.on or not asked:
            self._always.append(place)
            return
        name, wanted = asked[0]
        for word in wanted:
            self._by_word.setdefault(name, {}).setdefault(word, []).append(place)

    def may_hear(self, fact: Fact) -> Iterable[Listener]:
        """All to whom the fact may mean something, and some others."""
        places = set(self._always)
        for asked, by_word in self._by_word.items():
            found = value_at(fact.data, asked)
            for each in found if isinstance(found, list) else (found,):
                if isinstance(each, str | bool | int):
                    places.update(by_word.get(each, ()))
        return [self.all[place] for place in sorted(places)]

    def words(self, fact: Fact) -> list[object]:
        """What says what the fact means to them."""
        plain, nested = self._fields
        return [*map(fact.data.get, plain), *[value_at(fact.data, path) for path in nested]]

    @cached_property
    def _fields(self) -> tuple[list[str], list[str]]:
        asked = sorted({name for each in self.all for name in each.counter.asked})
        return [name for name in asked if "." not in name], [path for path in asked if "." in path]


NOBODY = Listeners()


class Registry:
    """Looks facts up; decides nothing."""

    def __init__(
        self, version: int, listeners: Iterable[tuple[str, Listener]], merged: Mapping[str, Merged] | None = None
    ) -> None:
        self.version = version
        self._merged = merged or {}
        self._index: dict[tuple[str, str], Listeners] = {}
        self.goals: set[GoalKey] = set()
        self.tenants: set[str] = set()
        for wire, listener in listeners:
            goal = listener.counter.goal
            self.goals.add(goal)
            self.tenants.add(goal.tenant)
            self._index.setdefault((wire, goal.tenant), Listeners()).add(listener)
        self._known: dict[tuple[object, ...], list[Match]] = {}

    def hears(self, wire: str, tenant: str) -> bool:
        return (wire, tenant) in self._index

    def listeners(self, wire: str, tenant: str) -> Listeners:
        return self._index.get((wire, tenant), NOBODY)

    def counts_like(self, other: "Registry") -> bool:
        mine, theirs = ({of: each.all for of, each in every._index.items()} for every in (self, other))
        return mine == theirs and self._merged == other._merged

    def look(self, fact: Fact, into: Looked) -> None:
        """Add to `into` what `fact` may change. Raises, and adds nothing, when the fact's data cannot be read."""
        if merged := self._merged.get(fact.tenant):
            fact = as_one(fact, merged)
        touches: list[Touch] = []
        joins: list[tuple[Tallies, str]] = []
        for match in self._matches(fact):
            if match.counter.adding is not Adding.MARK:
                if touch := _touch(match, fact):
                    touches.append(touch)
            elif match.counter.window.holds(fact.time):
                joins.append((match.tallies, match.counter.member(fact)))
        into.touches += touches
        for tallies, member in joins:
            into.join(tallies, member, fact)

    def _matches(self, fact: Fact) -> Sequence[Match]:
        """Once for all facts that agree in every field that any of the centre's goals asks for."""
        listeners = self._index.get((fact.type, fact.tenant))
        if listeners is None:
            return ()
        words = listeners.words(fact)
        # With their types: 1, 1.0 and True are one key, and not the same words.
        key = (listeners, *words, *map(type, words))
        try:
            found = self._known.get(key)
        except TypeError:  # Lists are judged each for itself.
            return _matching(listeners.may_hear(fact), fact)
        if found is None:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[key] = found = _matching(listeners.may_hear(fact), fact)
        return found


def _matching(listeners: Iterable[Listener], fact: Fact) -> list[Match]:
    """Without those to whom facts of these words mean nothing. Each number is in the match of its manner."""
    found: dict[tuple[int, bool, bool], tuple[Counter, dict[TallyKey, None]]] = {}
    for each in listeners:
        matches = each.counter.matches(fact)
        if matches or not each.on:
            _, tallies = found.setdefault((id(each.manner), each.on, matches), (each.manner, {}))
            tallies |= dict.fromkeys(each.counter.tally(dimension) for dimension in each.counter.dimensions(fact))
    return [Match(how, on, matches, tuple(of)) for (_, on, matches), (how, of) in found.items() if of]


def _touch(match: Match, fact: Fact) -> Touch | None:
    counter, on = match.counter, match.on
    if on:
        on = counter.over_all_time or counter.in_window(fact)
        heard = (on or counter.exclusive) and (counter.value is None or counter.amount(fact) is not None)
    else:
        heard = not counter.level or counter.in_window(fact)
    if not heard or (key := counter.name(fact)) is None:
        return None
    return Touch(counter, match.tallies, key, fact, on, match.matches)
