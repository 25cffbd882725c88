"""What everybody may see of a goal that counts people: levels instead of numbers, and what follows from them. Pure.

Whatever is shown to the public is computed from the levels and from nothing else, so that no sentence, share or status
can tell more than they do.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from services.kpi.counting.reading import NOTHING, PER_CENT, Reading
from services.kpi.definition.goal import Goal
from services.kpi.definition.measures import Against, EachOf, PerWindow, Ratio, Trend
from shared.clock import DANISH

STEP = Decimal(5)
"""Below it a number is small, and above it shown numbers are whole multiples of it."""
SMALL = Decimal(1)
"""The level of "1–4": the least that it can be."""
MOST_OF_SMALL = STEP - 1
VALUE, COUNTED, COMPARED_WITH, HAVING, MISSING = "=", "=counted", "=compared_with", "=having", "=missing"
"""The names of a goal's own numbers; no part of a plan can be called so."""


class Number(NamedTuple):
    """One number of a goal: its own, or that of a part for one dimension."""

    part: str
    dimension: str = ""


class Published(NamedTuple):
    """What was shown of a number from that moment on."""

    level: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """A goal as everybody sees it: the least and the most that it can be, which are one where nothing is small."""

    low: Reading
    high: Reading
    suppressed: bool
    """Whether its value is small, or made of what is."""
    held: frozenset[Number] = frozenset()
    """Parts that are held back although they are not small: else a total less the others would tell a small one."""

    @property
    def value(self) -> Decimal | None:
        return None if self.suppressed else self.low.value

    @property
    def counted(self) -> Decimal | None:
        return self.low.counted if self.low.counted == self.high.counted else None

    @property
    def compared_with(self) -> Decimal | None:
        return self.low.compared_with if self.low.compared_with == self.high.compared_with else None


def level(value: Decimal) -> Decimal:
    if value <= 0:
        return NOTHING
    return SMALL if value < STEP else value // STEP * STEP


def stepped(last: Published | None, value: Decimal) -> Decimal:
    """What is shown next: up when the next step is full, down only by whole steps below what was shown.

    A number that went up and down around the edge of a step would tell of each single one. So "1–4" stays although the
    last one of them has gone: who had seen it would know of that one.
    """
    found = level(value)
    if last is None or found > last.level or value <= last.level - STEP:
        return found
    return last.level


def numbers(goal: Goal, reading: Reading) -> dict[Number, Decimal]:
    """What of a goal is shown by its level, each by itself; everything else is computed from these."""
    match goal.measure:
        case Trend():
            pairs = [(COUNTED, reading.counted)]
            if not _told_by_the_plan(goal):
                pairs.append((COMPARED_WITH, reading.compared_with))
            return {Number(name): value for name, value in pairs if value is not None}
        case Ratio():
            having, members = reading.share or (NOTHING, NOTHING)
            return {Number(HAVING): having, Number(MISSING): members - having}
        case EachOf() | PerWindow():
            return _parts(goal, reading)
    whole = {} if reading.value is None else {Number(VALUE): reading.value}
    return whole | _parts(goal, reading)


def _told_by_the_plan(goal: Goal) -> bool:
    measure = goal.measure
    if not isinstance(measure, Trend):
        return False
    return isinstance(measure.against, Against) or (measure.against is None and goal.baseline is not None)


def _parts(goal: Goal, reading: Reading) -> dict[Number, Decimal]:
    """Of each_of the parts, whose smallest is the member's value; elsewhere the value itself."""
    derived = isinstance(goal.measure, EachOf)
    return {
        Number(part, dimension): value
        for dimension, parts in (reading.per_dimension or {}).items()
        for part, value in parts.items()
        if not (derived and part == "value")
    }


def seen(goal: Goal, reading: Reading, published: Mapping[Number, Published]) -> Seen:
    """The goal computed anew from what is published of it."""
    shown = {number: published[number].level for number in numbers(goal, reading) if number in published}
    as_of = max((each.at for number, each in published.items() if shown.get(number)), default=None)
    high = {number: MOST_OF_SMALL if found == SMALL else found for number, found in shown.items()}
    bare = replace(reading, as_of=as_of, events=int(any(shown.values())), share=None)
    low, most = _retold(goal, bare, shown), _retold(goal, bare, high)
    # One of one and four of four are the same share, and it would tell that they are as many.
    suppressed = low.value != most.value or (_computed(goal) and SMALL in shown.values())
    return Seen(low, most, suppressed, _held(goal, shown))


def _retold(goal: Goal, bare: Reading, shown: Mapping[Number, Decimal]) -> Reading:
    each = {
        dimension: {part: shown.get(Number(part, dimension), NOTHING) for part in parts}
        for dimension, parts in (bare.per_dimension or {}).items()
    }
    match goal.measure:
        case Trend():
            counted = shown.get(Number(COUNTED))
            before = bare.compared_with if _told_by_the_plan(goal) else shown.get(Number(COMPARED_WITH))
            value = None if counted is None or before is None else counted - before
            return replace(bare, value=value, counted=counted, compared_with=before)
        case Ratio():
            having, missing = shown.get(Number(HAVING), NOTHING), shown.get(Number(MISSING), NOTHING)
            members = having + missing
            return replace(bare, value=PER_CENT * having / members if members else None)
        case EachOf() as measure:
            for parts in each.values():
                parts["value"] = min(parts[part] for part in measure.parts)
            return replace(bare, value=min(parts["value"] for parts in each.values()), per_dimension=each)
        case PerWindow() as measure:
            missed = frozenset(name for name, parts in each.items() if parts["value"] < measure.at_least)
            return replace(bare, value=Decimal(len(each) - len(missed)), per_dimension=each, missed=missed)
    # The name of a place where somebody came and went would tell that somebody was there.
    somebody = {dimension: parts for dimension, parts in each.items() if any(parts.values())}
    return replace(bare, value=shown.get(Number(VALUE)), per_dimension=somebody or None)


def _held(goal: Goal, shown: Mapping[Number, Decimal]) -> frozenset[Number]:
    """Where a total is shown, and one of its parts alone is small, the smallest other part is held back with it."""
    if not shown.get(Number(VALUE), NOTHING) > SMALL:
        return frozenset()
    parts = {number: found for number, found in shown.items() if number != Number(VALUE) and found}
    if sum(found == SMALL for found in parts.values()) != 1:
        return frozenset()
    others = sorted((found, number) for number, found in parts.items() if found > SMALL)
    return frozenset(number for _, number in others[:1])


def per_dimension(found: Seen) -> dict[str, dict[str, Decimal | None]] | None:
    """Each part for each dimension; None for what is small or held back."""
    if found.low.per_dimension is None or found.high.per_dimension is None:
        return None
    most = found.high.per_dimension
    return {
        dimension: {
            part: value if value == most[dimension][part] and Number(part, dimension) not in found.held else None
            for part, value in parts.items()
        }
        for dimension, parts in found.low.per_dimension.items()
    }


def written(goal: Goal, found: Seen) -> str | None:
    """ "1–4", or "10" where it moves in steps. None where there is no number, or where even a range would tell."""
    if found.low.value is None or found.high.value is None or (found.suppressed and _computed(goal)):
        return None
    return (
        f"{found.low.value:f}–{found.high.value:f}"
        if found.suppressed
        else f"{round(found.low.value, 2).normalize():f}"
    )


def _computed(goal: Goal) -> bool:
    """A difference or a share of small numbers has no range that would mean something."""
    return isinstance(goal.measure, Trend | Ratio)


def curve(
    goal: Goal, reading: Reading, steps: Iterable[tuple[Number, Published]], ends: Iterable[date]
) -> Iterator[tuple[date, Seen | None]]:
    """What was shown at the end of each of these days; None where nothing had been published yet."""
    coming, standing = sorted(steps, key=lambda each: each[1].at), dict[Number, Published]()
    for end in ends:
        while coming and coming[0][1].at.astimezone(DANISH).date() <= end:
            number, published = coming.pop(0)
            standing[number] = published
        yield end, seen(goal, reading, standing) if standing else None
