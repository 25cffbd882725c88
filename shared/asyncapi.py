"""The AsyncAPI 3.0 document of a service: what it publishes and hears on Kafka, made of the event catalogue."""

from functools import cache
from itertools import groupby
from typing import Any

from shared.events import CATALOGUE
from shared.events.envelope import Event
from shared.events.schema import event_schema, sample

# A service speaks on the topic that bears its name; these on others too.
PUBLISHES = {
    "directory": ("directory.events", "web.events", "contacts"),
    "booking": ("booking.events", "contacts"),
    "matching": ("matching.events", "contacts"),
    "notify": ("notify.events",),
    "kpi": ("kpi.events",),
}
CONTENT_TYPE = "application/cloudevents+json"


@cache
def document(service: str, hears: tuple[type[Event], ...] = ()) -> dict[str, Any]:
    """Served at `/<service>/asyncapi`. The payload is the whole record: CloudEvents in structured mode."""
    told = [event for event in CATALOGUE.values() if event.TOPIC in PUBLISHES[service]]
    heard = [event for event in CATALOGUE.values() if event in hears]
    events = [event for event in CATALOGUE.values() if event in {*told, *heard}]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": f"Kompas {service}",
            "version": "1.0.0",
            "description": f"The facts that {service} publishes on Kafka, one CloudEvents 1.0 document a record. "
            "Each type carries its own version; within one, optional fields and values of closed lists may be added.",
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {topic: _channel(topic, among) for topic, among in _by_topic(events)},
        "operations": {
            **{f"publish.{topic}": _operation("send", topic, among) for topic, among in _by_topic(told)},
            **{f"hear.{topic}": _operation("receive", topic, among) for topic, among in _by_topic(heard)},
        },
        "components": {"messages": {event.TYPE: _message(event) for event in events}},
    }


def _by_topic(events: list[type[Event]]) -> list[tuple[str, list[type[Event]]]]:
    # The catalogue stands in order of topics.
    return [(topic, list(among)) for topic, among in groupby(events, lambda event: event.TOPIC)]


def _channel(topic: str, events: list[type[Event]]) -> dict[str, Any]:
    return {
        "address": topic,
        "description": f"Kafka topic `{topic}`; records of one key stay in order.",
        "messages": {event.TYPE: {"$ref": f"#/components/messages/{event.TYPE}"} for event in events},
        "bindings": {"kafka": {"topic": topic, "bindingVersion": "0.5.0"}},
    }


def _operation(action: str, topic: str, events: list[type[Event]]) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{topic}"},
        "messages": [{"$ref": f"#/channels/{topic}/messages/{event.TYPE}"} for event in events],
    }


def _message(event: type[Event]) -> dict[str, Any]:
    schema = event_schema(event)
    return {
        "name": event.TYPE,
        "title": event.__name__,
        "summary": schema["description"].split("\n")[0],
        "description": schema["description"],
        "contentType": CONTENT_TYPE,
        "payload": schema,
        "bindings": {
            "kafka": {"key": {"type": "string", "description": event.SUBJECT}, "bindingVersion": "0.5.0"},
        },
        "examples": [{"name": "sample", "payload": sample(event)}],
    }
