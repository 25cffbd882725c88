"""A published version only grows: the checker sees every way to break it, and today's events pass it."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from shared.events import CATALOGUE, INBOUND
from shared.events.envelope import read
from shared.events.export import published_schema
from tests.contracts.compatibility import breaks

KNOWN = CATALOGUE | INBOUND
GOLDEN = Path(__file__).parent / "golden"
SCHEMAS = sorted((GOLDEN / "schemas").glob("*.json"))
SAMPLES = sorted((GOLDEN / "samples").glob("*.json"))

PUBLISHED: dict[str, Any] = {
    "type": "object",
    "properties": {
        "kind": {"type": "string", "enum": ["room", "conversation"], "description": "What it is."},
        "place": {"type": "string", "pattern": "^[a-z]+$", "maxLength": 60},
        "people": {"type": "integer", "minimum": 0, "maximum": 100},
        "day": {"type": "string", "format": "date"},
        "parts": {
            "type": "array",
            "items": {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]},
        },
        "answers": {"type": "object", "additionalProperties": {"anyOf": [{"type": "boolean"}, {"type": "number"}]}},
    },
    "required": ["kind", "day"],
}


def at(path: str, schema: dict[str, Any]) -> Any:
    for step in path.split("/"):
        schema = schema[step]
    return schema


BREAKS = {
    "a field removed": lambda s: s["properties"].pop("place"),
    "a required field removed": lambda s: (s["properties"].pop("day"), s["required"].remove("day")),
    "an optional field made required": lambda s: s["required"].append("place"),
    "a required field made optional": lambda s: s["required"].remove("day"),
    "a new field that is required": lambda s: (
        s["properties"].update(why={"type": "string"}),
        s["required"].append("why"),
    ),
    "a type changed": lambda s: at("properties/people", s).update(type="string"),
    "a format changed": lambda s: at("properties/day", s).update(format="date-time"),
    "a value removed from a closed list": lambda s: at("properties/kind/enum", s).remove("room"),
    "an open field closed": lambda s: at("properties/place", s).update(enum=["odense"]),
    "a closed list opened": lambda s: at("properties/kind", s).pop("enum"),
    "a shorter text": lambda s: at("properties/place", s).update(maxLength=10),
    "a limit where none was": lambda s: at("properties/day", s).update(maxLength=10),
    "a higher minimum": lambda s: at("properties/people", s).update(minimum=1),
    "a lower maximum": lambda s: at("properties/people", s).update(maximum=50),
    "another pattern": lambda s: at("properties/place", s).update(pattern="^[a-y]+$"),
    "a field of a part removed": lambda s: (
        at("properties/parts/items", s).update(properties={}),
        at("properties/parts/items/required", s).clear(),
    ),
    "a field of a part made optional": lambda s: at("properties/parts/items/required", s).clear(),
    "a choice removed": lambda s: at("properties/answers/additionalProperties/anyOf", s).pop(),
    "a choice changed": lambda s: at("properties/answers/additionalProperties/anyOf", s)[0].update(type="string"),
    "anything else no longer allowed": lambda s: s.update(additionalProperties=False),
    "a keyword the checker does not know": lambda s: at("properties/parts", s).update(uniqueItems=True),
}
GROWTHS = {
    "nothing": lambda s: None,
    "an optional field more": lambda s: s["properties"].update(why={"type": "string", "maxLength": 5}),
    "an optional field more in a part": lambda s: at("properties/parts/items/properties", s).update(x={"type": "null"}),
    "a value more in a closed list": lambda s: at("properties/kind/enum", s).append("boat"),
    "a longer text": lambda s: at("properties/place", s).update(maxLength=80),
    "another description": lambda s: at("properties/kind", s).update(description="What can be booked."),
}


@pytest.mark.parametrize("change", BREAKS.values(), ids=BREAKS.keys())
def test_a_change_that_breaks_a_reader_or_an_old_event_is_refused(change: Any) -> None:
    today = deepcopy(PUBLISHED)

    change(today)

    assert len(breaks(PUBLISHED, today)) >= 1


@pytest.mark.parametrize("change", GROWTHS.values(), ids=GROWTHS.keys())
def test_a_version_may_grow(change: Any) -> None:
    today = deepcopy(PUBLISHED)

    change(today)

    assert breaks(PUBLISHED, today) == []


def test_the_reason_names_the_field() -> None:
    today = deepcopy(PUBLISHED)
    today["properties"]["parts"]["items"]["properties"]["id"]["type"] = "integer"

    assert breaks(PUBLISHED, today) == [".parts[].id: type changed from string to integer"]


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_an_event_still_keeps_every_promise_that_was_published(path: Path) -> None:
    published = json.loads(path.read_text(encoding="utf-8"))

    assert path.stem in KNOWN, "a type that was ever published stays until nobody can hold one of its events"
    assert breaks(published, published_schema(KNOWN[path.stem])) == []


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_an_event_that_was_published_once_is_still_read(path: Path) -> None:
    envelope = read(path.read_bytes())

    event = KNOWN[envelope.type].read(envelope.data)

    assert isinstance(event, KNOWN[path.stem])
