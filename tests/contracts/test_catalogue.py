"""Every event is named, documented and published as the contracts promise."""

import re
from typing import Any

import pytest

from shared.events import CATALOGUE, INBOUND, catalogue
from shared.events.envelope import Event
from shared.events.export import ROOT, files
from shared.events.schema import event_schema
from shared.events.web import PageViewed
from shared.events.words import Kind

ALL = CATALOGUE | INBOUND
EVENTS = pytest.mark.parametrize("event", ALL.values(), ids=ALL.keys())


def subclasses(parent: type[Event]) -> set[type[Event]]:
    return {descendant for child in parent.__subclasses__() for descendant in {child, *subclasses(child)}}


def described(schema: dict[str, Any]) -> list[tuple[str, bool]]:
    fields = [(name, "description" in field) for name, field in schema["properties"].items()]
    parts = [field["items"] for field in schema["properties"].values() if "properties" in field.get("items", {})]
    return fields + [inner for part in parts for inner in described(part)]


def test_every_event_class_that_has_a_wire_type_is_in_the_catalogue() -> None:
    named = {event for event in subclasses(Event) if "TYPE" in vars(event) and event.__module__.startswith("shared.")}

    assert named == {*CATALOGUE.values(), *INBOUND.values()}


def test_two_events_cannot_have_the_same_type() -> None:
    with pytest.raises(ValueError, match="same type"):
        catalogue(PageViewed, PageViewed)


@EVENTS
def test_a_type_names_service_noun_and_past_participle_and_travels_on_its_service_s_topic(event: type[Event]) -> None:
    participle = r"(?:[a-z_]+ed|held|sent|set|withdrawn|no_show)"
    match = re.fullmatch(rf"kompas\.([a-z]+)\.[a-z]+\.{participle}\.v[1-9]", event.TYPE)

    assert match
    assert event.TOPIC.removesuffix(".events") == match[1]


@EVENTS
def test_its_docstring_says_when_it_becomes_true_and_what_not_to_conclude(event: type[Event]) -> None:
    reference = event_schema(event)["description"].split("\n\n")

    assert len(reference) == 3, "what it says; when it is true; what it does not mean"
    assert reference[1].startswith("True ")
    assert reference[2].startswith("Do not conclude ")


@EVENTS
def test_every_field_is_described(event: type[Event]) -> None:
    fields = described(event_schema(event)["properties"]["data"])

    assert [name for name, has_description in fields if not has_description] == []


@pytest.mark.parametrize("kind", Kind.__subclasses__(), ids=lambda kind: kind.__name__)
def test_a_closed_list_explains_each_of_its_values(kind: type[Kind]) -> None:
    assert [value for value in kind if f"`{value}`" not in (kind.__doc__ or "")] == []


def test_schemas_samples_and_reference_are_those_of_today_s_classes() -> None:
    """When this fails, run `python -m shared.events.export` and read the difference before you commit it."""
    expected = files()

    stale = [path for path, text in expected.items() if _text(path) != text]
    leftover = [
        path.name
        for folder in ("schemas", "samples")
        for path in (ROOT / "shared/events" / folder).iterdir()
        if f"shared/events/{folder}/{path.name}" not in expected
    ]

    assert (stale, leftover) == ([], [])


def _text(path: str) -> str | None:
    return (ROOT / path).read_text(encoding="utf-8") if (ROOT / path).exists() else None
