"""What a batch changes: entries, receipts and numbers, gathered in memory before any of it is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

import msgspec
from msgspec.structs import replace

from services.kpi.counting.counter import ONE
from services.kpi.counting.fact import Fact, View
from services.kpi.counting.keys import GoalKey, ReceiptKey, Tallies, TallyKey

NOTHING = Decimal(0)


class Entry(msgspec.Struct, frozen=True, gc=False):
    """Where one counted thing stands, and the fact that put it there."""

    event_id: UUID
    sequence: int
    time: datetime
    recorded: datetime
    day: date | None
    """Its own date, where the measure goes by one; undone, the date it had."""
    counts: bool
    amount: Decimal

    @property
    def contribution(self) -> Decimal:
        return self.amount if self.counts else NOTHING


class Receipt(NamedTuple):
    """A fact behind a number, and what it adds to it. A superseded one stays, with nothing."""

    type: str
    subject: str | None
    time: datetime
    amount: Decimal
    recorded: datetime | None = None
    """When it was told: a late fact is one told after the goal's last day."""


class Filed(msgspec.Struct, frozen=True, gc=False):
    """A fact behind numbers of which nothing can change any more: it added what it added."""

    fact: Fact | View
    subject: str | None
    """None where it is nobody's business: a visitor."""
    amount: Decimal


@dataclass(slots=True)
class Delta:
    value: Decimal = NOTHING
    as_of: datetime | None = None
    """The newest fact behind the number."""
    exactly: bool = False
    """`as_of` replaces what stood there, even by something older or nothing (a retracted observation)."""


States = dict[TallyKey, Entry]
"""Where one thing stands in the numbers that count it."""
NOWHERE: Mapping[TallyKey, Entry] = {}


@dataclass(slots=True)
class Ledger:
    known: Mapping[str, States]
    entries: dict[str, States] = field(default_factory=dict)
    """By thing, where it has come to stand. What one fact did to several numbers is one entry for all of them."""
    receipts: dict[ReceiptKey, Receipt] = field(default_factory=dict)
    """Those that may be told again, or be superseded."""
    filed: dict[tuple[Tallies, str], list[Filed]] = field(default_factory=dict)
    """By numbers and type of fact, those that are told once: a repeat is recognised by what it would change."""
    reweighed: dict[ReceiptKey, Decimal] = field(default_factory=dict)
    """New amounts of receipts that were stored by an earlier batch."""
    deltas: dict[TallyKey, Delta] = field(default_factory=dict)

    @property
    def goals(self) -> set[GoalKey]:
        """Those whose numbers change."""
        return {tally.owner for tally in self.deltas}

    def entry(self, tally: TallyKey, key: str) -> Entry | None:
        return self.entries.get(key, NOWHERE).get(tally) or self.known.get(key, NOWHERE).get(tally)

    def put(self, tally: TallyKey, key: str, entry: Entry) -> Decimal:
        """Let the entry stand for the thing. Answers by how much its contribution changes."""
        old = self.entry(tally, key)
        if old and entry.day is None and old.day is not None:
            entry = replace(entry, day=old.day)
        self.entries.setdefault(key, {})[tally] = entry
        return entry.contribution - old.contribution if old else entry.contribution

    def receipt(self, tally: TallyKey, fact: Fact, amount: Decimal) -> None:
        receipt = Receipt(fact.type, fact.subject, fact.time, amount, fact.recorded)
        self.receipts.setdefault(ReceiptKey(tally, fact.id), receipt)
        self.change(tally, NOTHING, fact.time)

    def reweigh(self, tally: TallyKey, event_id: UUID, amount: Decimal) -> None:
        key = ReceiptKey(tally, event_id)
        if key in self.receipts:
            self.receipts[key] = self.receipts[key]._replace(amount=amount)
        else:
            self.reweighed[key] = amount

    def file(self, tallies: Tallies, fact: Fact, amount: Decimal) -> None:
        """The numbers change when all is filed (`count`)."""
        self.filed.setdefault((tallies, fact.type), []).append(Filed(fact, fact.subject, amount))

    def count(self) -> None:
        """Let the numbers change by what was filed."""
        for (tallies, _), filed in self.filed.items():
            by, newest = sum([each.amount for each in filed], NOTHING), max([each.fact.time for each in filed])
            for tally in tallies:
                self.change(tally, by, newest)

    def joined(self, tally: TallyKey, by: Sequence[Fact | View]) -> None:
        """Members that the set did not have. The receipts name the events and never the visitors."""
        for each in by:
            self.filed.setdefault(((tally,), each.type), []).append(Filed(each, None, ONE))
        self.change(tally, Decimal(len(by)), max([each.time for each in by]))

    def change(self, tally: TallyKey, by: Decimal, time: datetime | None = None) -> None:
        delta = self.deltas.get(tally)
        if delta is None:
            self.deltas[tally] = delta = Delta()
        delta.value += by
        if time is not None and (delta.as_of is None or time > delta.as_of):
            delta.as_of = time
