"""The facts that would reach a goal, made of its measure and of what the events' own schemas say can be published."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from services.kpi.counting.fact import Fact
from services.kpi.definition import measures as ways
from services.kpi.definition.days import stretches
from services.kpi.definition.goal import Goal
from services.kpi.definition.measures import Condition, Facts, ListCondition
from services.kpi.definition.plan import Plan
from services.kpi.definition.vocabulary import spoken
from shared.events import CATALOGUE
from shared.events.schema import sample

Data = dict[str, Any]
MANY = 20
"""Of a goal that wants thousands, so many are enough to see that they count."""
PLACES = ["Slagelse", "Korsør", "Skælskør", "Hashøj", *(f"Teknisk Skole {n}" for n in range(1, MANY))]
SECTORS = ["voluntary", "public", "private"]


def facts_for(tenant: str, plan: Plan, goal: Goal) -> Iterator[Fact]:
    """Enough of what the goal waits for, each on a day that counts."""
    measure = goal.measure
    wanted = min(MANY, int(goal.target or 1))
    match measure:
        case ways.PerWindow():
            for _, first, _ in stretches(goal.starts or goal.ends, goal.ends, measure.window):
                yield from _happen(tenant, measure.count, measure.at_least, first)
        case ways.EachOf():
            for part in measure.parts.values():
                for member in measure.members:
                    yield from _happen(tenant, part, wanted, goal.ends, {str(part.by): member})
        case ways.Ratio():
            known = str(uuid4())
            yield _fact(tenant, measure.register_.of[0], _data(measure.register_), goal.ends, known)
            yield from _happen(tenant, measure.having, 1, goal.ends, {measure.having.key: known})
        case ways.Milestone():
            own = {"plan": plan.id, "goal": goal.id, "reached_on": goal.ends.isoformat()}
            yield from _happen(tenant, ways.TAKEN, 1, goal.ends, own)
        case ways.Trend():
            yield from _counted(tenant, measure.measure, goal, 1)
        case _:
            yield from _counted(tenant, measure, goal, wanted)


def _counted(tenant: str, measure: object, goal: Goal, wanted: int) -> Iterator[Fact]:
    if isinstance(measure, ways.Manual):
        told = {"series": measure.series, "value": wanted, "observed_on": goal.ends.isoformat()}
        yield from _happen(tenant, ways.OBSERVED, 1, goal.ends, told)
    elif isinstance(measure, ways.Latest | ways.Sum | ways.MaxPerGroup):
        field, _, key = measure.value.partition(".")
        told = {field: {key: wanted} if key else wanted}
        if not isinstance(measure, ways.MaxPerGroup) and measure.date:
            told[measure.date] = goal.ends.isoformat()
        yield from _happen(tenant, measure, 1, goal.ends, told)
    elif isinstance(measure, Facts):
        yield from _happen(tenant, measure, wanted, goal.ends)


def _happen(tenant: str, facts: Facts, times: int, on: date, told: Data | None = None) -> Iterator[Fact]:
    for number in range(times):
        data = _data(facts) | {
            field: _another(facts, field, number)
            for field in (*getattr(facts, "distinct_by", ()), *getattr(facts, "unique", ()), *_places(facts))
        }
        for field, value in (told or {}).items():
            data[field] = [value] if isinstance(data.get(field), list) else value
        yield _fact(tenant, facts.of[0], data, on)


def _places(facts: Facts) -> tuple[str, ...]:
    return (facts.by,) if isinstance(facts, ways.Spread) else ()


def _fact(tenant: str, name: str, data: Data, on: date, subject: object = None) -> Fact:
    event = CATALOGUE[spoken()[name].wire]
    event.model_validate(data)  # What a plan waits for must be something a service could say.
    noon = datetime(on.year, on.month, on.day, 11, tzinfo=UTC)
    return Fact(id=uuid4(), type=event.TYPE, tenant=tenant, subject=str(subject or uuid4()), time=noon, data=data)


def _data(facts: Facts) -> Data:
    data: Data = sample(CATALOGUE[spoken()[facts.of[0]].wire])["data"]
    for field, wanted in facts.where.items():
        data[field] = _meeting(wanted, data.get(field))
    return data


def _another(facts: Facts, field: str, number: int) -> Any:
    """A value that no earlier one has: of the list the goal names, or any."""
    wanted = facts.where.get(field)
    if isinstance(wanted, list):
        return wanted[number % len(wanted)]
    if wanted is not None:
        return wanted
    if field.endswith("_id"):
        return str(uuid4())
    if field in ("visitor", "page"):
        return uuid4().hex if field == "visitor" else f"/{uuid4().hex}"
    return PLACES[number]


def _meeting(wanted: Condition, known: Any) -> Any:
    if isinstance(wanted, ListCondition):
        return [_item(wanted, known[0], number) for number in range(wanted.at_least)]
    return wanted[0] if isinstance(wanted, list) else wanted


def _item(wanted: ListCondition, known: Any, number: int) -> Any:
    if not isinstance(known, dict):
        return {"public": SECTORS, "da": ["da", "en", "uk"]}[known][number]
    item = known | {"organisation_id": str(uuid4())}
    for field, values in wanted.with_.items():
        item[field] = values[number % len(values)] if isinstance(values, list) else values
    if wanted.distinct == "sector":
        item["sector"] = SECTORS[number]
    return item
