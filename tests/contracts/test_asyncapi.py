"""Each service's AsyncAPI document is one, names what the service publishes, and has no dangling reference."""

from collections.abc import Iterator
from typing import Any

import pytest
from faststream.specification.asyncapi.v3_0_0.schema import ApplicationSchema

from shared.asyncapi import PUBLISHES, document
from shared.events import CATALOGUE
from shared.events.bookings import BookingCancelled, BookingConfirmed
from shared.events.contacts import ContactShared

SERVICES = pytest.mark.parametrize("service", PUBLISHES)


def references(node: Any) -> Iterator[str]:
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        if key == "$ref":
            yield value
        else:
            yield from references(value)


def found(whole: dict[str, Any], reference: str) -> Any:
    node: Any = whole
    for step in reference.removeprefix("#/").split("/"):
        node = node[step]
    return node


@SERVICES
def test_the_document_is_asyncapi_3(service: str) -> None:
    whole = document(service)

    parsed = ApplicationSchema.model_validate(whole)

    assert parsed.asyncapi == "3.0.0"
    assert set(parsed.channels) == set(PUBLISHES[service])
    assert all(found(whole, reference) for reference in references(whole))


@SERVICES
def test_the_document_describes_every_event_of_the_service_and_no_other(service: str) -> None:
    messages = document(service)["components"]["messages"]

    assert set(messages) == {event.TYPE for event in CATALOGUE.values() if event.TOPIC in PUBLISHES[service]}
    assert all(message["payload"]["properties"]["type"]["const"] == name for name, message in messages.items())


def test_every_event_is_published_by_somebody() -> None:
    assert {event.TOPIC for event in CATALOGUE.values()} == {topic for topics in PUBLISHES.values() for topic in topics}


def test_what_a_service_hears_stands_beside_what_it_publishes() -> None:
    whole = document("notify", hears=(ContactShared, BookingConfirmed, BookingCancelled))

    operations = {name: operation["action"] for name, operation in whole["operations"].items()}

    assert operations == {
        "publish.notify.events": "send",
        "hear.booking.events": "receive",
        "hear.contacts": "receive",
    }
    assert all(found(whole, reference) for reference in references(whole))
