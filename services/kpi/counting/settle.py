"""What a batch of facts does to the numbers: the same whatever the order across things, the repeats and the batches."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from services.kpi.counting.compile import COVERED
from services.kpi.counting.counter import Adding
from services.kpi.counting.keys import EntryKey, TallyKey
from services.kpi.counting.ledger import NOTHING, ONE, Entry, Ledger
from services.kpi.counting.registry import Looked, Touch


def settle(looked: Looked, known: Mapping[EntryKey, Entry]) -> Ledger:
    """Fold the touches into what is `known`, which must hold the entries and series that `looked` asks for.

    Marks are not settled here: whether one is new is for the store of the set to say.
    """
    ledger = Ledger(known)
    for touch in looked.touches:
        _SETTLERS[touch.counter.adding](ledger, touch)
    series = looked.series()
    before, after = _standing(ledger.known, series), _standing({**ledger.known, **ledger.entries}, series)
    for tally, adding in series.items():
        chooser = _CHOOSERS[adding]
        _choose(ledger, tally, chooser(before[tally]), chooser(after[tally]))
    _cover(ledger, looked)
    return ledger


def _switch(ledger: Ledger, touch: Touch) -> None:
    old = ledger.entry(touch.key)
    if not _turns(old, touch):
        return
    amount = ledger.put(touch, old, counts=touch.on, amount=touch.counter.amount(touch.fact) or NOTHING)
    if amount or (touch.on and touch.counter.value is not None):
        # A thing with the amount 0 is one of the things too.
        ledger.file(touch.key.tally, touch.fact, amount, touch.fact.subject)


def _turns(old: Entry | None, touch: Touch) -> bool:
    """Whether the fact is news to its entry: a repeat, or an older fact after a newer one, is not."""
    fact = touch.fact
    if old is None:
        return touch.on or touch.leaves_trace
    return (fact.sequence, fact.recorded, fact.id) > (old.sequence, old.recorded, old.event_id)


def _earliest(ledger: Ledger, touch: Touch) -> None:
    old, fact = ledger.entry(touch.key), touch.fact
    inside = touch.counter.in_window(fact)
    if old is not None and (fact.time, fact.id) >= (old.time, old.event_id):
        if inside and fact.id != old.event_id:
            ledger.receipt(touch, NOTHING)
        return
    _represent(ledger, touch, old, counts=inside, amount=ONE)


def _newest(ledger: Ledger, touch: Touch) -> None:
    old, fact = ledger.entry(touch.key), touch.fact
    if old is not None:
        rank = (touch.counter.day(fact), fact.recorded, fact.id)
        if rank <= _recency(old):
            if fact.id != old.event_id:
                ledger.receipt(touch, NOTHING)
            return
    _represent(ledger, touch, old, counts=True, amount=touch.counter.amount(fact) or NOTHING)


def _represent(ledger: Ledger, touch: Touch, old: Entry | None, *, counts: bool, amount: Decimal) -> None:
    """The fact takes the place of the one that stood for the entry, whose receipt then adds nothing."""
    change = ledger.put(touch, old, counts=counts, amount=amount)
    if old is not None and old.counts:
        ledger.reweigh(touch.key.tally, old.event_id, NOTHING)
    if counts:
        ledger.receipt(touch, amount)
    ledger.change(touch.key.tally, change)


def _observe(ledger: Ledger, touch: Touch) -> None:
    old = ledger.entry(touch.key)
    if not _turns(old, touch):
        return
    ledger.put(touch, old, counts=touch.on, amount=touch.counter.amount(touch.fact) or NOTHING)
    if touch.on:
        ledger.receipt(touch, NOTHING)


def _standing(entries: Mapping[EntryKey, Entry], series: Collection[TallyKey]) -> dict[TallyKey, list[Entry]]:
    found: dict[TallyKey, list[Entry]] = {tally: [] for tally in series}
    for key, entry in entries.items() if found else ():
        if entry.counts and (of := found.get(key.tally)) is not None:
            of.append(entry)
    return found


def _choose(ledger: Ledger, tally: TallyKey, before: Entry | None, after: Entry | None) -> None:
    if before is not None and before != after:
        ledger.reweigh(tally, before.event_id, NOTHING)
    if after is not None and before != after:
        ledger.reweigh(tally, after.event_id, after.amount)
    ledger.change(tally, (after.amount if after else NOTHING) - (before.amount if before else NOTHING))
    # Also when nothing else changed: one that came and was taken back in this batch must leave no date behind.
    delta = ledger.deltas[tally]
    delta.as_of, delta.exactly = after.time if after else None, True


def _recency(entry: Entry) -> tuple[date, datetime, UUID]:
    return entry.day or date.min, entry.recorded, entry.event_id


def _of_the_first_day(entries: list[Entry]) -> Entry | None:
    """The oldest day's; of several of that day the one told last, because it corrects the others."""
    if not entries:
        return None
    first = min(entry.day or date.min for entry in entries)
    return max((entry for entry in entries if (entry.day or date.min) == first), key=_recency)


_CHOOSERS: Mapping[Adding, Callable[[list[Entry]], Entry | None]] = {
    Adding.SERIES: lambda entries: max(entries, key=_recency, default=None),
    Adding.FIRST: _of_the_first_day,
    Adding.LARGEST: lambda entries: max(entries, key=lambda entry: (entry.amount, *_recency(entry)), default=None),
}


def _cover(ledger: Ledger, looked: Looked) -> None:
    """A ratio's numerator: members of the register whose companion entry counts too."""
    pairs = {
        touch.key.in_part(COVERED): (touch.key, touch.key.in_part(touch.counter.companion))
        for touch in looked.touches
        if touch.counter.companion
    }
    for covered, pair in pairs.items():
        was = all(_counts(ledger.known.get(key)) for key in pair)
        is_now = all(_counts(ledger.entry(key)) for key in pair)
        if was != is_now:
            ledger.change(covered.tally, ONE if is_now else -ONE)


def _counts(entry: Entry | None) -> bool:
    return entry is not None and entry.counts


_SETTLERS: Mapping[Adding, Callable[[Ledger, Touch], None]] = {
    Adding.SWITCH: _switch,
    Adding.EARLIEST: _earliest,
    Adding.NEWEST: _newest,
    Adding.SERIES: _observe,
    Adding.FIRST: _observe,
    Adding.LARGEST: _observe,
}
