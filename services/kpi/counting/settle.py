"""What a batch of facts does to the numbers: the same whatever the order across things, the repeats and the batches."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from services.kpi.counting.compile import COVERED
from services.kpi.counting.counter import ONE, Adding
from services.kpi.counting.keys import Tallies, TallyKey
from services.kpi.counting.ledger import NOTHING, NOWHERE, Entry, Ledger, States
from services.kpi.counting.registry import Looked, Touch


def settle(looked: Looked, known: Mapping[str, States]) -> Ledger:
    """Fold the touches into what is `known`, which must hold the things and series that `looked` asks for.

    Marks are not settled here: whether one is new is for the store of the set to say.
    """
    ledger = Ledger(known)
    for touch in looked.touches:
        if touch.counter.adding is Adding.SWITCH:
            _switch(ledger, touch)
        else:
            for tally in touch.tallies:
                _SETTLERS[touch.counter.adding](ledger, touch, tally)
    ledger.count()
    if series := looked.series():
        before, after = _standing(series, known), _standing(series, known, ledger.entries)
        for tally, adding in series.items():
            chooser = _CHOOSERS[adding]
            _choose(ledger, tally, chooser(before[tally]), chooser(after[tally]))
    _cover(ledger, looked)
    return ledger


def _switch(ledger: Ledger, touch: Touch) -> None:
    key, entry = touch.key, _represented(touch, touch.on, touch.counter.amount(touch.fact) or NOTHING)
    changes: dict[Decimal, Tallies] = {}
    if key in ledger.entries or key in ledger.known:
        for tally in touch.tallies:
            if _turns(ledger.entry(tally, key), touch):
                change = ledger.put(tally, key, entry)
                changes[change] = (*changes.get(change, ()), tally)
    elif touch.on or touch.leaves_trace:
        # As nearly always: nobody knows the thing, and so it is news to all its numbers alike.
        ledger.entries[key] = dict.fromkeys(touch.tallies, entry)
        changes[entry.contribution] = touch.tallies
    for change, tallies in changes.items():
        if change or (touch.on and touch.counter.value is not None):
            # A thing with the amount 0 is one of the things too.
            ledger.file(tallies, touch.fact, change)


def _represented(touch: Touch, counts: bool, amount: Decimal) -> Entry:
    """The thing as the touch's fact has it."""
    fact = touch.fact
    day = touch.counter.day(fact) if touch.on and touch.counter.dated_by else None
    return Entry(fact.id, fact.sequence, fact.time, fact.recorded, day, counts, amount)


def _turns(old: Entry | None, touch: Touch) -> bool:
    """Whether the fact is news to its entry: a repeat, or an older fact after a newer one, is not."""
    fact = touch.fact
    if old is None:
        return touch.on or touch.leaves_trace
    return (fact.sequence, fact.recorded, fact.id) > (old.sequence, old.recorded, old.event_id)


def _earliest(ledger: Ledger, touch: Touch, tally: TallyKey) -> None:
    old, fact = ledger.entry(tally, touch.key), touch.fact
    inside = touch.counter.in_window(fact)
    if old is not None and (fact.time, fact.id) >= (old.time, old.event_id):
        if inside and fact.id != old.event_id:
            ledger.receipt(tally, fact, NOTHING)
        return
    _represent(ledger, touch, tally, old, counts=inside, amount=ONE)


def _newest(ledger: Ledger, touch: Touch, tally: TallyKey) -> None:
    old, fact = ledger.entry(tally, touch.key), touch.fact
    if old is not None:
        rank = (touch.counter.day(fact), fact.recorded, fact.id)
        if rank <= _recency(old):
            if fact.id != old.event_id:
                ledger.receipt(tally, fact, NOTHING)
            return
    _represent(ledger, touch, tally, old, counts=True, amount=touch.counter.amount(fact) or NOTHING)


def _represent(
    ledger: Ledger, touch: Touch, tally: TallyKey, old: Entry | None, *, counts: bool, amount: Decimal
) -> None:
    """The fact takes the place of the one that stood for the entry, whose receipt then adds nothing."""
    change = ledger.put(tally, touch.key, _represented(touch, counts, amount))
    if old is not None and old.counts:
        ledger.reweigh(tally, old.event_id, NOTHING)
    if counts:
        ledger.receipt(tally, touch.fact, amount)
    ledger.change(tally, change)


def _observe(ledger: Ledger, touch: Touch, tally: TallyKey) -> None:
    if not _turns(ledger.entry(tally, touch.key), touch):
        return
    amount = touch.counter.amount(touch.fact) or NOTHING
    ledger.put(tally, touch.key, _represented(touch, touch.on, amount))
    if touch.on:
        ledger.receipt(tally, touch.fact, NOTHING)


def _standing(series: Collection[TallyKey], *layers: Mapping[str, States]) -> dict[TallyKey, list[Entry]]:
    """Which things count in each, the later layers over the earlier ones."""
    found: dict[TallyKey, dict[str, Entry]] = {tally: {} for tally in series}
    for layer in layers:
        for key, states in layer.items():
            for tally in found.keys() & states.keys():
                found[tally][key] = states[tally]
    return {tally: [entry for entry in of.values() if entry.counts] for tally, of in found.items()}


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
        (tally.in_part(COVERED), touch.key): (tally, tally.in_part(touch.counter.companion))
        for touch in looked.touches
        if touch.counter.companion
        for tally in touch.tallies
    }
    for (covered, key), pair in pairs.items():
        was = all(_counts(ledger.known.get(key, NOWHERE).get(tally)) for tally in pair)
        is_now = all(_counts(ledger.entry(tally, key)) for tally in pair)
        if was != is_now:
            ledger.change(covered, ONE if is_now else -ONE)


def _counts(entry: Entry | None) -> bool:
    return entry is not None and entry.counts


_SETTLERS: Mapping[Adding, Callable[[Ledger, Touch, TallyKey], None]] = {
    Adding.EARLIEST: _earliest,
    Adding.NEWEST: _newest,
    Adding.SERIES: _observe,
    Adding.FIRST: _observe,
    Adding.LARGEST: _observe,
}
