"""The words a plan may use: events and their fields. A goal about anything else would stay at zero for ever."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from services.kpi.definition import measures as ways
from services.kpi.definition.measures import EachOf, Facts, ListCondition, PerWindow, Ratio, Trend
from services.kpi.definition.plan import Goal, Plan
from shared.errors import Text
from shared.events import CATALOGUE
from shared.events.envelope import Event
from shared.events.words import Kind as ClosedList

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """An event type as a plan sees it: its short name, its wire type, where it travels and what it carries."""

    name: str
    wire: str
    topic: str
    fields: frozenset[str]
    values: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Of the fields that hold one of a closed list: the list."""
    items: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    """Of the fields that hold a list of things: the things' fields, with their closed list where they have one."""


Vocabulary = Mapping[str, Kind]


@cache
def spoken() -> Vocabulary:
    """Every event that Kompas publishes, under the name that a plan uses: `booking.confirmed`."""
    kinds = [_kind(wire, event) for wire, event in CATALOGUE.items()]
    return {kind.name: kind for kind in kinds}


def _kind(wire: str, event: type[Event]) -> Kind:
    _, _, noun, participle, _ = wire.split(".")
    items = {
        name: _closed(each)
        for name, annotation in _fields(event).items()
        for each in get_args(annotation)
        if get_origin(annotation) is list and isinstance(each, type) and issubclass(each, BaseModel)
    }
    lists = {name: values for name, values in _closed(event).items() if values}
    return Kind(f"{noun}.{participle}", wire, event.TOPIC, frozenset(_fields(event)), lists, items)


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {info.alias or name: info.annotation for name, info in model.model_fields.items()}


def _closed(model: type[BaseModel]) -> dict[str, frozenset[str]]:
    """Of each field the values it may have; none where it may have any."""
    return {
        name: frozenset(each.value for each in annotation)
        if isinstance(annotation, type) and issubclass(annotation, ClosedList)
        else frozenset()
        for name, annotation in _fields(model).items()
    }


def misunderstandings(plan: Plan, vocabulary: Vocabulary) -> Iterator[tuple[Place, Text]]:
    """Where the plan names an event or a field that does not exist."""
    for number, goal in enumerate(plan.goals):
        for place, facts, names in _facts(goal.measure):
            if facts is ways.TAKEN:
                continue  # our words, not the plan's
            yield from _check(("goals", number, "measure", *place), facts, names, vocabulary)


def topics(goal: Goal, vocabulary: Vocabulary) -> set[str]:
    """Where the goal's facts travel."""
    names = {name for _, facts, _ in _facts(goal.measure) for name in facts.of}
    return {vocabulary[name].topic for name in names if name in vocabulary}


def _check(
    place: Place, facts: Facts, named: Sequence[tuple[Place, str]], vocabulary: Vocabulary
) -> Iterator[tuple[Place, Text]]:
    for word, types in (("of", facts.of), ("minus", getattr(facts, "minus", None) or ())):
        for name in types:
            if name not in vocabulary:
                yield (*place, word), Text(f"ingen hændelse hedder {name}", f"no event is called {name}")
    for kind in (vocabulary[name] for name in facts.of if name in vocabulary):
        for inner, path in [*((("where", path), path) for path in facts.where), *named]:
            if path.partition(".")[0] not in kind.fields:
                yield (*place, *inner), _no_field(kind.name, path)
        for path, wanted in facts.where.items():
            for value in wanted if isinstance(wanted, list) else [wanted]:
                if isinstance(value, ListCondition):
                    for reason in _of_items(kind, path, value):
                        yield (*place, "where", path), reason
                elif path in kind.values and value not in kind.values[path]:
                    yield (*place, "where", path), _never(f"{path} of {kind.name}", value)


def _of_items(kind: Kind, path: str, wanted: ListCondition) -> Iterator[Text]:
    items = kind.items.get(path)
    if items is None and (wanted.with_ or wanted.distinct):
        yield Text(
            f"{path} i {kind.name} er ikke en liste af ting med felter",
            f"{path} of {kind.name} is no list of things with fields",
        )
        return
    for field_ in [*wanted.with_, *([wanted.distinct] if wanted.distinct else [])]:
        if items is not None and field_ not in items:
            yield _no_field(f"{path} of {kind.name}", field_)
    for field_, values in wanted.with_.items():
        for value in values if isinstance(values, list) else [values]:
            if items and items.get(field_) and value not in items[field_]:
                yield _never(f"{field_} in {path} of {kind.name}", value)


def _no_field(holder: str, name: str) -> Text:
    return Text(f"{_in_danish(holder)} har intet felt {name}", f"{holder} has no field {name}")


def _never(what: str, value: object) -> Text:
    return Text(f"{_in_danish(what)} er aldrig {value}", f"{what} is never {value}")


def _in_danish(place: str) -> str:
    return place.replace(" of ", " i ").replace(" in ", " i ")


def _facts(measure: object) -> Iterator[tuple[Place, Facts, list[tuple[Place, str]]]]:
    """Each set of facts a measure listens to, where it stands, and the fields it names outside `where`."""
    match measure:
        case Ratio():
            yield ("register",), measure.register_, []
            yield ("having",), measure.having, [(("key",), measure.having.key)]
        case EachOf():
            for name, part in measure.parts.items():
                yield ("parts", name), part, _named(part)
        case PerWindow():
            yield ("count",), measure.count, _named(measure.count)
        case Trend():
            for place, facts, named in _facts(measure.measure):
                yield ("measure", *place), facts, named
        case ways.Manual():
            yield ("series",), ways.OBSERVED, []
        case ways.Milestone():
            yield (), ways.TAKEN, []
        case Facts():
            yield (), measure, _named(measure)


def _named(measure: Facts) -> list[tuple[Place, str]]:
    """The fields a measure names outside `where`, with the place of each."""
    found: list[tuple[Place, str]] = []
    for word in ("by", "distinct_by", "unique", "value", "date", "latest_by"):
        path = getattr(measure, word, None)
        if isinstance(path, str):
            found.append(((word,), path))
        elif path:
            found += [((word, number), each) for number, each in enumerate(path)]
    return found
