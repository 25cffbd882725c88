"""How a goal is counted, said in plain words from its measure, so that the page can never say something else."""

from collections.abc import Iterable

from services.kpi.definition import measures as ways
from services.kpi.definition.goal import Goal
from services.kpi.definition.measures import Condition, Facts, ListCondition

WINDOWS = {"month": "months", "quarter": "quarters", "half_year": "half-years", "year": "years"}
PLURALS = {"activity": "activities", "content": "texts", "material": "materials", "opportunity": "opportunities"}
THINGS = {
    "booking.requested": "bookings asked for",
    "material.exposed": "showings of the material",
    "observation.recorded": "numbers entered by hand",
    "page.viewed": "page views",
    "stakeholder.designated": "designated stakeholders",
    "survey.response_submitted": "survey answers",
}
"""What a type of event is called where "nouns participled" would not be English."""


def counted(measure: object) -> str:
    match measure:
        case ways.Count():
            return f"how many {_facts(measure)}{_less(measure.minus)}{_apart(measure.by)}"
        case ways.Distinct():
            facts = _facts(measure) + (", those whose first time it is" if measure.first else "")
            return f"how many different {_listed(measure.distinct_by, 'and')} in {facts}{_apart(measure.by)}"
        case ways.Unique():
            return f"how many different {_listed(measure.unique, 'with')} in {_facts(measure)}{_apart(measure.by)}"
        case ways.Stock():
            return f"how many there are on that day: {_facts(measure)}{_less(measure.minus)}"
        case ways.Spread():
            there = f"{_facts(measure)}{_less(measure.minus)}"
            return f"how many different {_code(measure.by)} there are on that day among {there}"
        case ways.Latest():
            return f"the newest {_code(measure.value)} of {_facts(measure)}{_less(measure.minus)}"
        case ways.Sum():
            of_each = f", the latest of each {_code(measure.latest_by)}" if measure.latest_by else ""
            return f"the sum of {_code(measure.value)} over {_facts(measure)}{of_each}{_less(measure.minus)}"
        case ways.MaxPerGroup():
            return f"the largest {_code(measure.value)} of any one of {_facts(measure)}"
        case _:
            return _combined(measure)


def _combined(measure: object) -> str:
    match measure:
        case ways.Manual():
            newest = "newest number" if measure.aggregate == "latest" else "sum"
            return f"the {newest} of the series {_code(measure.series)}, entered by hand"
        case ways.Milestone():
            return "somebody records the day it is reached, with its evidence"
        case ways.Ratio():
            register = measure.register_
            members = f"{_facts(register)}{_less(register.minus)}"
            return f"per cent of a register's members ({members}) that are named in {_facts(measure.having)}"
        case ways.EachOf():
            parts = " and ".join(counted(part) for part in measure.parts.values())
            return f"the smallest over {', '.join(measure.members)} of {parts}"
        case ways.PerWindow():
            return f"{WINDOWS[measure.window]} with at least {measure.at_least}, of {counted(measure.count)}"
        case ways.Trend():
            return f"the change {_against(measure)} in {counted(measure.measure)}"
    raise TypeError(f"a measure without words: {measure!r}")


def aimed_at(goal: Goal) -> str:
    """The target as a reader writes it: `≥ 11,000`, `2 to 3`, `more`."""
    number = f"{goal.aim:,.0f}" if goal.aim == int(goal.aim) else f"{goal.aim:,}"
    match goal.comparison:
        case "increase":
            return "more"
        case "decrease":
            return "less"
        case "by_date":
            return "by" if goal.aim == 1 else f"{number} by"
        case "between":
            return f"{goal.target_min:,.0f} to {number}"
        case "at_most":
            return f"≤ {number}"
        case "each_of":
            return f"each ≥ {number}"
    return f"≥ {number}"


def when(goal: Goal) -> str:
    if goal.starts is None or goal.starts == goal.ends or goal.comparison == "by_date":
        return f"{goal.ends}"
    whole = (goal.starts.month, goal.starts.day, goal.ends.month, goal.ends.day) == (1, 1, 12, 31)
    return f"{goal.ends.year}" if whole and goal.starts.year == goal.ends.year else f"{goal.starts} to {goal.ends}"


def _facts(facts: Facts) -> str:
    things = " or ".join(_things(name) for name in facts.of)
    wanted = [f"{_code(field)} {_wanted(value)}" for field, value in facts.where.items()]
    return things + (f" whose {' and '.join(wanted)}" if wanted else "")


def _things(name: str) -> str:
    """`gatherings held`, of `gathering.held`."""
    noun, _, participle = name.partition(".")
    return THINGS.get(name) or f"{PLURALS.get(noun, noun + 's')} {participle}"


def _wanted(value: Condition) -> str:
    items = value if isinstance(value, list) else [value]
    if all(isinstance(item, ListCondition) for item in items):
        return " and ".join(_items(item) for item in items if isinstance(item, ListCondition))
    return f"is {_listed(map(str, items), 'or')}"


def _items(wanted: ListCondition) -> str:
    those = [f"{_code(field)} {_wanted(value)}" for field, value in wanted.with_.items()]
    different = f" of different {_code(wanted.distinct)}" if wanted.distinct else ""
    return f"holds at least {wanted.at_least}{different}" + (f" whose {' and '.join(those)}" if those else "")


def _against(trend: ways.Trend) -> str:
    if trend.against is None:
        return "since its first value"
    if trend.against == "previous_year":
        return "since the same time a year before"
    return f"from {trend.against.baseline:g}"


def _less(minus: Iterable[str] | None) -> str:
    """`cancelled`, of `booking.cancelled`."""
    return f", not {' or '.join(name.partition('.')[2] for name in minus)}" if minus else ""


def _apart(by: str | None) -> str:
    return f", for each {_code(by)}" if by else ""


def _listed(words: Iterable[str], joint: str) -> str:
    *most, last = (_code(word) for word in words)
    return f"{', '.join(most)} {joint} {last}" if most else last


def _code(word: str) -> str:
    return f"`{word}`"
