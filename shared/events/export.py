"""Writes what partners read: schema and sample of every event, and the reference. `python -m shared.events.export`."""

import json
from pathlib import Path
from typing import Any

from shared.events import CATALOGUE, INBOUND
from shared.events.envelope import Event, data_schema_id
from shared.events.reference import reference
from shared.events.schema import event_schema, sample

ROOT = Path(__file__).resolve().parents[2]
HERE = "shared/events"


def published_schema(event: type[Event]) -> dict[str, Any]:
    """Two schemas in one file, each with its id: the document, and in it `data`, which `dataschema` names."""
    schema = event_schema(event)
    schema["properties"]["data"] = {"$id": data_schema_id(event.TYPE), **schema["properties"]["data"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:kompas:event:{event.TYPE}",
        **schema,
    }


def files() -> dict[str, str]:
    """Path in the repository → what must stand there."""
    written = {"docs/events.md": reference()}
    for event in [*CATALOGUE.values(), *INBOUND.values()]:
        written[f"{HERE}/schemas/{event.TYPE}.json"] = as_json(published_schema(event))
        written[f"{HERE}/samples/{event.TYPE}.json"] = as_json(sample(event))
    return written


def as_json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def main() -> None:
    written = files()
    for path, text in written.items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(text, encoding="utf-8")
    for folder in ("schemas", "samples"):
        for leftover in (ROOT / HERE / folder).glob("*.json"):
            if f"{HERE}/{folder}/{leftover.name}" not in written:
                leftover.unlink()


if __name__ == "__main__":
    main()
