"""From a plan's goals to counters: the only place that knows what each way of counting means."""

from collections.abc import Iterator
from dataclasses import replace

from services.kpi.counting import windows
from services.kpi.counting.counter import Adding, Conditions, Counter, Items, Listener, Wanted, Window
from services.kpi.counting.keys import GoalKey
from services.kpi.definition.days import stretches
from services.kpi.definition.goal import Goal
from services.kpi.definition.measures import (
    OBSERVED,
    TAKEN,
    Condition,
    Count,
    Distinct,
    EachOf,
    Facts,
    Latest,
    ListCondition,
    Manual,
    MaxPerGroup,
    Milestone,
    PerWindow,
    Ratio,
    Spread,
    Stock,
    Sum,
    Trend,
    Unique,
    is_level,
)
from services.kpi.definition.plan import Plan
from services.kpi.definition.vocabulary import Vocabulary

REGISTER, HAVING, COVERED = "register", "having", "covered"
"""The parts of a ratio: its members, those a fact happened to, and the members among those."""
BEFORE, FIRST = "before", "first"
"""The parts of a trend besides the number itself: the same a year earlier, and the first there was."""

Counted = Iterator[tuple[Counter, Facts]]
Plain = Count | Distinct | Unique | Stock | Spread | Latest | Sum | MaxPerGroup


def compile_goal(tenant: str, plan: Plan, goal: Goal, vocabulary: Vocabulary) -> Iterator[tuple[str, Listener]]:
    """Each wire type the goal hears, with what to do about it.

    A plan is refused that names an event we do not know; one that was adopted may outlive an event. Its goal stands
    still then, and no other goal and no record suffers for it.
    """
    for counter, facts in _counters(GoalKey(tenant, plan.id, goal.id), plan, goal):
        for on, names in ((True, facts.of), (False, getattr(facts, "minus", None) or ())):
            for name in names:
                if name in vocabulary:
                    yield vocabulary[name].wire, Listener(counter, on=on)


def _counters(key: GoalKey, plan: Plan, goal: Goal) -> Counted:
    window, measure = windows.of_goal(goal), goal.measure
    match measure:
        case EachOf():
            for name, part in measure.parts.items():
                yield replace(_counter(key, name, part, window), members=frozenset(measure.members)), part
        case Ratio():
            yield from _ratio(key, measure, window)
        case PerWindow():
            assert goal.starts is not None, "per_window has a period (Goal._dated)"  # noqa: S101
            for name, first, last in stretches(goal.starts, goal.ends, measure.window):
                yield _one_of_several(key, measure.count, name, windows.between(first, last)), measure.count
        case Milestone():
            own = TAKEN.model_copy(update={"where": {"plan": plan.id, "goal": goal.id}})
            for name, bucket in windows.by_lateness(goal, plan.thresholds.slightly_late_months):
                yield replace(_one_of_several(key, own, name, bucket), dated_by="reached_on"), own
        case Count() if goal.comparison == "by_date":
            for name, bucket in windows.by_lateness(goal, plan.thresholds.slightly_late_months):
                yield _one_of_several(key, measure, name, bucket), measure
        case Trend():
            yield from _trend(key, measure, window, windows.year_before(goal))
        case Manual():
            yield _manual(key, "", measure, window)
        case _:
            yield _counter(key, "", measure, window), measure


def _ratio(key: GoalKey, measure: Ratio, window: Window) -> Counted:
    register, having = measure.register_, measure.having
    at_the_end = windows.level(window)
    members = Counter(key, REGISTER, Adding.SWITCH, at_the_end, _conditions(register), level=True, companion=HAVING)
    reached = (having.key,)
    yield members, register
    yield Counter(key, HAVING, Adding.EARLIEST, window, _conditions(having), reached, companion=REGISTER), having


def _trend(key: GoalKey, measure: Trend, window: Window, year_before: Window) -> Counted:
    inner = measure.measure
    numbers = [("", window)] + [(BEFORE, year_before)] * (measure.against == "previous_year")
    for part, days in numbers:
        yield (
            _manual(key, part, inner, days)
            if isinstance(inner, Manual)
            else (
                _counter(key, part, inner, days),
                inner,
            )
        )
    if measure.against is None and isinstance(inner, Latest | Manual) and is_level(inner):
        plain, facts = (
            _manual(key, FIRST, inner, window)
            if isinstance(inner, Manual)
            else (
                _counter(key, FIRST, inner, window),
                inner,
            )
        )
        yield replace(plain, adding=Adding.FIRST), facts


def _manual(key: GoalKey, part: str, measure: Manual, window: Window) -> tuple[Counter, Facts]:
    facts = OBSERVED.model_copy(update={"where": {"series": measure.series}})
    counter = _counter(key, part, facts, window)
    # A later number for the same day corrects it, so that each day is a series of its own where days are summed.
    return (replace(counter, by=OBSERVED.date) if measure.aggregate == "sum" else counter), facts


def _one_of_several(key: GoalKey, measure: Count | Distinct, name: str, window: Window) -> Counter:
    counter = replace(_counter(key, "", measure, window), dimension=name)
    return replace(counter, exclusive=counter.adding is Adding.SWITCH)


def _counter(goal: GoalKey, part: str, measure: Plain, window: Window) -> Counter:
    where = _conditions(measure)
    match measure:
        case Count():
            return Counter(goal, part, Adding.SWITCH, window, where, by=measure.by)
        case Stock():
            return Counter(goal, part, Adding.SWITCH, window, where, level=True)
        case Spread():
            return Counter(goal, part, Adding.SWITCH, window, where, by=measure.by, level=True)
        case Distinct():
            key, ever = measure.distinct_by, measure.first
            return Counter(goal, part, Adding.EARLIEST, window, where, key, by=measure.by, over_all_time=ever)
        case Unique():
            return Counter(goal, part, Adding.MARK, window, where, measure.unique, by=measure.by)
        case Latest():
            return Counter(goal, part, Adding.SERIES, window, where, value=measure.value, dated_by=measure.date)
        case MaxPerGroup():
            return Counter(goal, part, Adding.LARGEST, window, where, value=measure.value)
        case Sum() if measure.latest_by is None:
            return Counter(goal, part, Adding.SWITCH, window, where, value=measure.value)
        case Sum():
            key = (measure.latest_by,)
            return Counter(goal, part, Adding.NEWEST, window, where, key, value=measure.value, dated_by=measure.date)


def _conditions(facts: Facts) -> Conditions:
    return tuple((field, _wanted(condition)) for field, condition in facts.where.items())


def _wanted(condition: Condition) -> Wanted:
    several = condition if isinstance(condition, list) else [condition]
    lists = [each for each in several if isinstance(each, ListCondition)]
    if lists:
        return tuple(Items(each.at_least, _of_item(each), each.distinct) for each in lists)
    return frozenset(several)


def _of_item(wanted: ListCondition) -> tuple[tuple[str, frozenset[object]], ...]:
    return tuple(
        (field, frozenset(value if isinstance(value, list) else [value])) for field, value in wanted.with_.items()
    )
