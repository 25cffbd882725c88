"""The published samples, played to both sides: the schema, any CloudEvents library, our producer and our reader."""

import json
from datetime import datetime
from typing import Any

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_structured
from cloudevents.core.formats.json import JSONFormat
from jsonschema import Draft202012Validator, FormatChecker

from shared.events import CATALOGUE, INBOUND
from shared.events.envelope import Event, read, wrap
from shared.events.export import HERE, ROOT

ALL = CATALOGUE | INBOUND
EVENTS = pytest.mark.parametrize("event", ALL.values(), ids=ALL.keys())
OURS = pytest.mark.parametrize("event", CATALOGUE.values(), ids=CATALOGUE.keys())


def published(folder: str, event: type[Event]) -> Any:
    return json.loads((ROOT / HERE / folder / f"{event.TYPE}.json").read_text(encoding="utf-8"))


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator(schema, format_checker=FormatChecker())


@EVENTS
def test_a_sample_validates_against_its_schema(event: type[Event]) -> None:
    schema = published("schemas", event)
    Draft202012Validator.check_schema(schema)

    errors = [error.message for error in validator(schema).iter_errors(published("samples", event))]

    assert errors == []


@EVENTS
def test_the_schema_checks_formats_and_requires_its_fields(event: type[Event]) -> None:
    schema, sample = published("schemas", event), published("samples", event)
    sample["id"], sample["time"], sample["sequence"] = "not-an-id", "yesterday", 0
    sample["data"] = {}

    wrong = {error.json_path for error in validator(schema).iter_errors(sample)}

    assert {"$.id", "$.time", "$.sequence", "$.data"} <= wrong


@EVENTS
def test_any_cloudevents_library_reads_a_sample(event: type[Event]) -> None:
    sample = published("samples", event)
    record = KafkaMessage(
        headers={"content-type": JSONFormat.CONTENT_TYPE.encode()},
        key=sample["subject"].encode(),
        value=json.dumps(sample).encode(),
    )

    found = from_structured(record, JSONFormat())

    assert (found.get_id(), found.get_type(), found.get_source()) == (sample["id"], event.TYPE, sample["source"])
    assert (found.get_subject(), found.get_dataschema()) == (sample["subject"], f"urn:kompas:data:{event.TYPE}")
    assert found.get_time() == datetime.fromisoformat(sample["time"])
    assert [found.get_extension(name) for name in ("tenant", "sequence")] == ["odense", 1]
    assert found.get_data() == sample["data"]


@OURS
def test_the_producer_still_writes_the_sample_and_the_reader_still_reads_it(event: type[Event]) -> None:
    sample = published("samples", event)

    envelope = read(json.dumps(sample).encode())
    fact = event.read(envelope.data)
    written = wrap(
        fact,
        tenant=envelope.tenant,
        subject=envelope.subject,
        sequence=envelope.sequence,
        time=envelope.time,
        id=envelope.id,
        recorded=envelope.recordedtime,
    ).to_bytes()

    assert json.loads(written) == sample


@pytest.mark.parametrize("event", INBOUND.values(), ids=INBOUND.keys())
def test_the_sample_of_what_a_partner_sends_is_read_and_names_the_partner(event: type[Event]) -> None:
    envelope = read(json.dumps(published("samples", event)).encode())

    assert event.read(envelope.data).model_dump(mode="json", exclude_none=True) == envelope.data
    assert (envelope.source, envelope.tenant) == ("/faxe/directory", "odense")
