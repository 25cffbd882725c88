"""From a goal's numbers to its one value: what the board reads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from services.kpi.counting.compile import BEFORE, COVERED, FIRST, REGISTER
from services.kpi.counting.windows import LATENESS, Lateness
from services.kpi.definition.days import stretches
from services.kpi.definition.goal import Goal
from services.kpi.definition.measures import (
    Against,
    EachOf,
    Latest,
    Manual,
    MaxPerGroup,
    PerWindow,
    Ratio,
    Spread,
    Trend,
)

NOTHING, PER_CENT = Decimal(0), Decimal(100)
NOWHERE = "unspecified"
"""The name of what happened without a word of where, among the dimensions."""


@dataclass(frozen=True, slots=True)
class Tally:
    """One stored number: a part of a goal, for one dimension."""

    part: str
    dimension: str
    value: Decimal
    as_of: datetime | None
    events: int


@dataclass(frozen=True, slots=True)
class Reading:
    value: Decimal | None
    """None where there is no number to give: an empty register, a series without observations."""
    as_of: datetime | None
    events: int
    """How many facts are behind it; none means that nothing has started."""
    per_dimension: Mapping[str, Mapping[str, Decimal]] | None
    """Member → part → number, and their smallest as `value`."""
    counted: Decimal | None = None
    """Of a trend the number itself, and in `compared_with` the one its change is measured from."""
    compared_with: Decimal | None = None
    lateness: Lateness | None = None
    """When a goal by a date was reached, as far as it was."""
    missed: frozenset[str] | None = None
    """Of the windows of a period those without enough."""
    share: tuple[Decimal, Decimal] | None = None
    """Of a ratio how many members have it, and how many members there are."""


def read(goal: Goal, tallies: Iterable[Tally]) -> Reading:
    found = {(tally.part, tally.dimension): tally for tally in tallies}
    as_of = max((tally.as_of for tally in found.values() if tally.as_of), default=None)
    events = sum(tally.events for tally in found.values())
    numbers = {key: tally.value for key, tally in found.items()}
    own = {dimension: value for (part, dimension), value in numbers.items() if part == ""}
    whole = Reading(_total(goal.measure, own), as_of, events, None)
    match goal.measure:
        case EachOf() as measure:
            each = _each(measure, numbers)
            return replace(whole, value=min(parts["value"] for parts in each.values()), per_dimension=each)
        case Ratio():
            members = numbers.get((REGISTER, ""), NOTHING)
            if not members:
                # An empty register is not 100 % of nothing: the work has not started, whatever once happened.
                return Reading(None, as_of, 0, None)
            having = numbers.get((COVERED, ""), NOTHING)
            return replace(whole, value=PER_CENT * having / members, share=(having, members))
        case PerWindow() as measure:
            return _windows(goal, measure, own, whole)
        case Trend() as measure:
            return _trend(goal, measure, found, whole)
        case Latest() | Manual() | MaxPerGroup() if as_of is None:
            return Reading(None, None, 0, None)
        case Manual():
            return whole
    if goal.by_date:
        return replace(whole, lateness=_lateness(goal, own))
    return replace(whole, per_dimension=_by_dimension(goal, own))


def _total(measure: object, by_dimension: Mapping[str, Decimal]) -> Decimal:
    """Of places it is how many have something, not how much they all have; nowhere is no place."""
    if isinstance(measure, Spread):
        return Decimal(sum(place != "" and value > 0 for place, value in by_dimension.items()))
    return sum(by_dimension.values(), NOTHING)


def _each(measure: EachOf, numbers: Mapping[tuple[str, str], Decimal]) -> dict[str, dict[str, Decimal]]:
    each = {}
    for member in measure.members:
        parts = {part: numbers.get((part, member), NOTHING) for part in measure.parts}
        each[member] = parts | {"value": min(parts.values())}
    return each


def _windows(goal: Goal, measure: PerWindow, own: Mapping[str, Decimal], whole: Reading) -> Reading:
    """Four meetings in one quarter are one quarter with meetings."""
    assert goal.starts is not None, "per_window has a period (Goal._dated)"  # noqa: S101
    each = {name: {"value": own.get(name, NOTHING)} for name, _, _ in stretches(goal.starts, goal.ends, measure.window)}
    missed = frozenset(name for name, parts in each.items() if parts["value"] < measure.at_least)
    return replace(whole, value=Decimal(len(each) - len(missed)), per_dimension=each, missed=missed)


def _trend(goal: Goal, measure: Trend, found: Mapping[tuple[str, str], Tally], whole: Reading) -> Reading:
    now = [tally for (part, _), tally in found.items() if part == ""]
    as_of = max((tally.as_of for tally in now if tally.as_of), default=None)
    events = sum(tally.events for tally in now)
    if isinstance(measure.measure, Latest | Manual) and as_of is None:
        return Reading(None, None, 0, None)
    counted = _total(measure.measure, {tally.dimension: tally.value for tally in now})
    before = _compared_with(goal, measure, found, as_of)
    value = None if before is None else counted - before
    return replace(whole, value=value, as_of=as_of, events=events, counted=counted, compared_with=before)


def _compared_with(
    goal: Goal, measure: Trend, found: Mapping[tuple[str, str], Tally], as_of: datetime | None
) -> Decimal | None:
    if isinstance(measure.against, Against):
        return Decimal(str(measure.against.baseline))
    if measure.against == "previous_year":
        earlier = [tally for (part, _), tally in found.items() if part == BEFORE and tally.as_of]
        # Nobody counted then; that is not the same as none.
        return _total(measure.measure, {tally.dimension: tally.value for tally in earlier}) if earlier else None
    if goal.baseline is not None:
        return Decimal(str(goal.baseline.value))
    first = found.get((FIRST, ""))
    return first.value if first is not None and first.as_of not in (None, as_of) else None


def _lateness(goal: Goal, own: Mapping[str, Decimal]) -> Lateness | None:
    """The first of the stretches by whose end it was enough."""
    so_far = NOTHING
    for name in LATENESS:
        so_far += own.get(name, NOTHING)
        if so_far >= Decimal(str(goal.aim)):
            return name
    return None


def _by_dimension(goal: Goal, own: Mapping[str, Decimal]) -> dict[str, dict[str, Decimal]] | None:
    if getattr(goal.measure, "by", None) is None:
        return None
    return {dimension or NOWHERE: {"value": value} for dimension, value in sorted(own.items())}
