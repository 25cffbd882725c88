"""What a batch changes: entries, receipts and numbers, gathered in memory before any of it is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from services.kpi.counting.fact import Fact, View
from services.kpi.counting.keys import EntryKey, GoalKey, ReceiptKey, TallyKey
from services.kpi.counting.registry import Touch

NOTHING, ONE = Decimal(0), Decimal(1)


class Entry(NamedTuple):
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


class Filed(NamedTuple):
    """A fact behind a number of which nothing can change any more: it added what it added."""

    event_id: UUID
    subject: str | None
    time: datetime
    recorded: datetime
    amount: Decimal


@dataclass(slots=True)
class Delta:
    value: Decimal = NOTHING
    as_of: datetime | None = None
    """The newest fact behind the number."""
    exactly: bool = False
    """`as_of` replaces what stood there, even by something older or nothing (a retracted observation)."""


@dataclass(slots=True)
class Ledger:
    known: Mapping[EntryKey, Entry]
    entries: dict[EntryKey, Entry] = field(default_factory=dict)
    receipts: dict[ReceiptKey, Receipt] = field(default_factory=dict)
    """Those that may be told again, or be superseded."""
    filed: dict[tuple[TallyKey, str], list[Filed]] = field(default_factory=dict)
    """By number and type of fact, those that are told once: a repeat is recognised by what it would change."""
    reweighed: dict[ReceiptKey, Decimal] = field(default_factory=dict)
    """New amounts of receipts that were stored by an earlier batch."""
    deltas: dict[TallyKey, Delta] = field(default_factory=dict)

    @property
    def goals(self) -> set[GoalKey]:
        """Those whose numbers change."""
        return {tally.owner for tally in self.deltas}

    def entry(self, key: EntryKey) -> Entry | None:
        return self.entries.get(key) or self.known.get(key)

    def put(self, touch: Touch, old: Entry | None, *, counts: bool, amount: Decimal) -> Decimal:
        """Let the touch's fact represent the entry. Answers by how much the entry's contribution changes."""
        fact = touch.fact
        day = old.day if old else None
        if touch.on and touch.counter.dated_by:
            day = touch.counter.day(fact)
        self.entries[touch.key] = Entry(fact.id, fact.sequence, fact.time, fact.recorded, day, counts, amount)
        new = amount if counts else NOTHING
        return new - old.contribution if old else new

    def receipt(self, touch: Touch, amount: Decimal) -> None:
        fact = touch.fact
        key = ReceiptKey(touch.key.tally, fact.id)
        self.receipts.setdefault(key, Receipt(fact.type, fact.subject, fact.time, amount, fact.recorded))
        self.change(touch.key.tally, NOTHING, fact.time)

    def reweigh(self, tally: TallyKey, event_id: UUID, amount: Decimal) -> None:
        key = ReceiptKey(tally, event_id)
        if key in self.receipts:
            self.receipts[key] = self.receipts[key]._replace(amount=amount)
        else:
            self.reweighed[key] = amount

    def file(self, tally: TallyKey, fact: Fact, amount: Decimal, subject: str | None) -> None:
        key, filed = (tally, fact.type), Filed(fact.id, subject, fact.time, fact.recorded, amount)
        if (others := self.filed.get(key)) is None:
            self.filed[key] = [filed]
        else:
            others.append(filed)
        self.change(tally, amount, fact.time)

    def joined(self, tally: TallyKey, by: Sequence[Fact | View]) -> None:
        """Members that the set did not have. The receipts name the events and never the visitors."""
        for each in by:
            filed = Filed(each.id, None, each.time, each.recordedtime or each.time, ONE)
            self.filed.setdefault((tally, each.type), []).append(filed)
        self.change(tally, Decimal(len(by)), max(each.time for each in by))

    def change(self, tally: TallyKey, by: Decimal, time: datetime | None = None) -> None:
        delta = self.deltas.get(tally)
        if delta is None:
            self.deltas[tally] = delta = Delta()
        delta.value += by
        if time is not None and (delta.as_of is None or time > delta.as_of):
            delta.as_of = time
