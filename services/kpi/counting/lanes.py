"""The quick way of page views, which come in thousands, are mostly repeats, and only ever join sets.

What goals ask of a view is looked up once for all views of one centre that agree in site, page and unit: a lane. A
lane is opened only by a view that was read the exact way; whatever does not fit one goes that way, verdicts included.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec
from aiokafka import ConsumerRecord
from msgspec.structs import replace

from services.kpi.counting.counter import Adding, Counter
from services.kpi.counting.fact import Fact, View
from services.kpi.counting.keys import Tallies
from services.kpi.counting.registry import Looked, Registry
from shared.events.web import PageViewed
from shared.events.words import VISITOR

# Visitors who are remembered to be in their sets spare the database a question. At some 120 bytes each this bounds
# the memory; who was forgotten is asked for again.
REMEMBERED = 200_000
# Well within the years that a fact may be of, in any time zone: who comes near the ends is judged the exact way.
EARLIEST, LATEST = datetime(1901, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

Shape = tuple[str, str, str, str | None]
OWN = "visitor"
"""The field of a view that is no matter of its lane."""
SOMEBODY = "\0"
"""Stands for the visitor in what a lane's views have in common; no word that is read has it."""
_is_visitor = re.compile(VISITOR.removesuffix("$")).fullmatch


_decode = msgspec.json.Decoder(View).decode


@dataclass(slots=True, eq=False)
class Lane:
    tenant: str
    since: datetime
    until: datetime
    """No goal's window begins or ends in between."""
    sets: list[tuple[str, Tallies]]
    """As whom a view joins what, but for the visitor."""
    heard: bool
    """Whether any goal of the centre hears page views at all."""
    seen: set[str] = field(default_factory=set)
    """Visitors who are in every one of the sets, committed."""
    coming: set[str] = field(default_factory=set)
    """The batch's other visitors."""
    times: int = 0
    first: datetime = LATEST
    """When the earliest view of the batch was."""


class Arrival(NamedTuple):
    """A visitor whom the lane does not remember."""

    lane: Lane
    view: View

    def look(self, into: Looked) -> None:
        """Add to `into` the sets that this may be a new member of."""
        view = self.view
        for member, tallies in self.lane.sets:
            into.join(tallies, member.replace(SOMEBODY, view.data.visitor), view)


class Lanes:
    """A batch's views are taken, and then kept or dropped. What is remembered can be forgotten at any time."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._lanes: dict[Shape, list[Lane]] = {}
        self._known_edges: dict[str, set[datetime] | None] = {}
        self._remembered = 0
        self.busy: list[Lane] = []
        """Those that the batch has views for."""

    def take(self, record: ConsumerRecord, into: list[Fact | Arrival]) -> bool:
        """Whether this is a view that fits a lane."""
        return next(self.sift([record], into), None) is None

    def sift(self, records: Iterable[ConsumerRecord], into: list[Fact | Arrival]) -> Iterator[ConsumerRecord]:
        """Take the views that fit a lane: their effect is that of the exact way then.

        Answers the others, each before it goes on: a lane may be opened meanwhile.
        """
        decode, lanes = _decode, self._lanes
        for record in records:
            try:
                view = decode(record.value)
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, TypeError):  # The last: it has no value.
                yield record
                continue
            data, time, told = view.data, view.time, view.recordedtime
            for lane in lanes.get((view.tenant, data.site, data.page, data.unit), ()):
                if lane.since <= time < lane.until:
                    break
            else:
                yield record
                continue
            visitor = data.visitor
            if view.subject != visitor or (told is not None and not EARLIEST <= told < LATEST):
                yield record
                continue
            if visitor not in lane.seen and visitor not in lane.coming:
                if _is_visitor(visitor) is None:
                    yield record
                    continue
                lane.coming.add(visitor)
                if lane.sets:
                    into.append(Arrival(lane, view))
            if not lane.times:
                self.busy.append(lane)
            lane.times += 1
            if time < lane.first:
                lane.first = time

    def open(self, fact: Fact) -> bool:
        """A lane for views like this one, which was read the exact way. False where there is one, or can be none."""
        listeners, edges = self.registry.listeners(fact.type, fact.tenant), self._edges(fact.tenant)
        if edges is None:
            return False
        data = fact.data
        lanes = self._lanes.setdefault((fact.tenant, data["site"], data["page"], data["unit"]), [])
        since = max((edge for edge in edges if EARLIEST <= edge <= fact.time), default=LATEST)
        until = min((edge for edge in edges if fact.time < edge <= LATEST), default=EARLIEST)
        if not since < until or any(lane.since == since for lane in lanes):
            return False
        anybody = replace(fact, data=data | {OWN: SOMEBODY})
        sets: dict[str, Tallies] = {}
        for counter in (each.counter for each in listeners.may_hear(fact)):
            if counter.window.holds(fact.time) and counter.matches(fact):
                member, joined = counter.member(anybody), map(counter.tally, counter.dimensions(fact))
                sets[member] = (*sets.get(member, ()), *joined)
        lanes.append(Lane(fact.tenant, since, until, list(sets.items()), bool(listeners.all)))
        self._remembered += 1
        return True

    def _edges(self, tenant: str) -> set[datetime] | None:
        """Where windows of the centre's goals begin and end; None where a goal does more with views than join sets."""
        if tenant not in self._known_edges:
            counters = [each.counter for each in self.registry.listeners(PageViewed.TYPE, tenant).all]
            edges = {EARLIEST, LATEST, *(each.window.until for each in counters)}
            edges |= {each.window.since for each in counters if each.window.since}
            self._known_edges[tenant] = edges if all(map(_only_joins, counters)) else None
        return self._known_edges[tenant]

    def keep(self) -> None:
        """The batch was committed: its visitors are in their sets."""
        for lane in self.busy:
            self._remembered += len(lane.coming)
            lane.seen |= lane.coming
        self.drop()
        if self._remembered > REMEMBERED:
            self._lanes.clear()
            self._remembered = 0

    def drop(self) -> None:
        """Whatever became of the last batch, the next one begins."""
        for lane in self.busy:
            lane.coming, lane.times, lane.first = set(), 0, LATEST
        self.busy = []


def _only_joins(counter: Counter) -> bool:
    """Whether views that differ in their visitor only are alike to it."""
    return counter.adding is Adding.MARK and counter.by != OWN and all(name != OWN for name, _ in counter.conditions)
