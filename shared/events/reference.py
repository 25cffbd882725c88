"""`docs/events.md`: the catalogue as a page that a stranger can code against, made of docstrings and fields only."""

import json
from itertools import groupby
from typing import Any

from shared.events import CATALOGUE, INBOUND
from shared.events.envelope import Event
from shared.events.schema import Schema, envelope_schema, event_schema, sample, unwrapped
from shared.events.words import Kind

PREFACE = """\
# Events

Every fact in Kompas is one JSON document, a [CloudEvents 1.0](https://cloudevents.io) event in structured mode: the
Kafka record's value is the whole document (UTF-8, `application/cloudevents+json`), its key is the document's `subject`.
This page is generated from `shared/events/` by `python -m shared.events.export`, like the JSON Schemas (draft 2020-12)
in `shared/events/schemas/` and the samples in `shared/events/samples/`, one file a type.

## What you can rely on

- **An event is a past fact.** It is published if, and only if, the transaction that made it true was committed.
- **It may come twice**, with the same `id`. Remember the ids that have had their effect.
- **Events of one subject come in order**, and `sequence` says in which. Between two subjects there is no order.
- **`time` is when it became true, `recordedtime` when it was recorded.** A fact of the past that is dated by day only
  has Danish noon as its time. Count by `time`.
- **Times are RFC 3339 in UTC with `Z`; dates are days of the Danish calendar** (`Europe/Copenhagen`); ids are UUIDs,
  and an id means something only together with its tenant.
- **What is not known is left out**, never `null`.
- **No person is in an event**: no name, address, number or free text. Contact details travel on the restricted topic
  `contacts` alone, and are erased there by a tombstone (the key without a value).
- **A version only grows.** Within `v1` we may add an optional field or a value to a closed list; nothing is removed,
  renamed, made optional or required, given another type, or tightened, and a test compares every schema with the one
  published before. So ignore fields, values and types that you do not know. What cannot be said so becomes `v2`,
  published beside `v1` until nobody needs it.
- **`partner.events` comes in.** Its types are what a partner municipality sends us, whole entries that it shows to
  everybody already; `source` names the partner and `tenant` the centre that is to show them. They too name no person.

## The envelope
"""


def reference() -> str:
    events = [*CATALOGUE.values(), *INBOUND.values()]
    return "\n".join(
        [
            PREFACE,
            *_table(envelope_schema()),
            "",
            "`tenant`, `recordedtime`, `sequence` and `traceparent` are extensions. `dataschema` is the `$id` of the "
            "schema of `data` inside `shared/events/schemas/<type>.json`.",
            "",
            "## Topics",
            "",
            *_contents(events),
            *(line for event in events for line in _chapter(event)),
            "# Closed lists",
            "",
            *(line for kind in sorted(Kind.__subclasses__(), key=lambda kind: kind.__name__) for line in _list(kind)),
        ]
    )


def _contents(events: list[type[Event]]) -> list[str]:
    lines = ["| topic | type | subject and key |", "| --- | --- | --- |"]
    for topic, published in groupby(events, lambda event: event.TOPIC):
        lines += [f"| `{topic}` | [`{event.TYPE}`](#{_anchor(event)}) | {event.SUBJECT} |" for event in published]
    return [*lines, ""]


def _anchor(event: type[Event]) -> str:
    return event.TYPE.replace(".", "")


def _chapter(event: type[Event]) -> list[str]:
    schema = event_schema(event)
    return [
        f"## {event.TYPE}",
        "",
        schema["description"],
        "",
        f"Topic `{event.TOPIC}`; `subject` and key: {event.SUBJECT}.",
        "",
        *_table(schema["properties"]["data"]),
        "",
        "```json",
        json.dumps(sample(event), ensure_ascii=False, indent=2),
        "```",
        "",
    ]


def _list(kind: type[Kind]) -> list[str]:
    return [f"## {kind.__name__}", "", unwrapped(kind.__doc__ or ""), ""]


def _table(schema: Schema) -> list[str]:
    return ["| field | type | | meaning |", "| --- | --- | --- | --- |", *_rows(schema, "")]


def _rows(schema: Schema, prefix: str) -> list[str]:
    rows = []
    for name, field in schema["properties"].items():
        presence = "always" if name in schema.get("required", ()) else "optional"
        meaning = field.get("description", "")
        if "enum" in field and "`" in meaning:
            meaning = meaning.partition(": `")[0] + "."  # The values are explained once, under the list's own heading.
        rows.append(f"| `{prefix}{name}` | {_type(field)} | {presence} | {meaning} |")
        inner = field.get("items", {})
        if "properties" in inner:
            rows += _rows(inner, f"{prefix}{name}[].")
    return rows


def _type(field: dict[str, Any]) -> str:
    if "const" in field:
        return f"`{field['const']}`"
    if "enum" in field:
        return f"[{field['title']}](#{field['title'].lower()})"
    if "anyOf" in field:
        return " or ".join(_type(choice) for choice in field["anyOf"])
    if field["type"] == "array":
        return f"list of {_type(field['items'])}"
    if "propertyNames" in field:
        return f"object of {_type(field['additionalProperties'])}"
    return f"{field.get('format', field['type'])}{_bounds(field)}"


def _bounds(field: dict[str, Any]) -> str:
    words = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "minLength": "≥", "maxLength": "≤"}
    limits = [f"{sign} {field[word]:,}" for word, sign in words.items() if word in field]
    unit = " characters" if "maxLength" in field else ""
    return f" ({', '.join(limits)}{unit})" if limits else ""
