"""Reading is total and tolerant; writing is strict; no error repeats what it refused."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.events import CATALOGUE
from shared.events.bookings import BookingConfirmed, Purpose
from shared.events.contacts import ContactShared
from shared.events.directory import OrganisationRegistered, StakeholderDesignated
from shared.events.envelope import Envelope, Invalid, Undecodable, Unreadable, read, wrap
from shared.events.gatherings import GatheringScheduled
from shared.events.kpi import SurveyResponseSubmitted
from shared.events.schema import sample
from shared.ids import uuid7

NOON = datetime(2023, 3, 8, 11, tzinfo=UTC)
CONFIRMED = sample(BookingConfirmed)


def wrapped(event: Any, **changes: Any) -> Envelope:
    known: dict[str, Any] = {"tenant": "odense", "subject": uuid7(), "sequence": 1, "time": NOON}
    return wrap(event, **known | changes)


@pytest.mark.parametrize(
    "payload",
    [b"", b"\xff\xfe", b"{", b"[]", b"7", b"null", b'{"a": NaN}', b'{"a": "\\ud800"}', b"[" * 100_000],
    ids=["nothing", "not UTF-8", "cut off", "a list", "a number", "null", "NaN", "half a sign", "too deep"],
)
def test_bytes_that_are_no_json_object_are_undecodable(payload: bytes) -> None:
    with pytest.raises(Undecodable):
        read(payload)


@given(st.binary() | st.from_type(dict[str, int | str | None]).map(lambda value: json.dumps(value).encode()))
def test_no_bytes_make_the_reader_raise_anything_else(payload: bytes) -> None:
    with suppress(Unreadable):
        read(payload)


@pytest.mark.parametrize("event", CATALOGUE.values(), ids=CATALOGUE.keys())
@pytest.mark.parametrize("data", [{}, None, [], "x", {"kind": {"kind": 1}}])
def test_data_of_another_shape_is_invalid_for_every_event(event: Any, data: Any) -> None:
    with pytest.raises(Invalid):
        event.read(data)


def test_an_error_names_places_and_never_what_stood_there() -> None:
    secret = "peter.hansen@example.dk"
    document = CONFIRMED | {"id": secret, "time": secret, "tenant": secret}
    answers = sample(SurveyResponseSubmitted)["data"] | {"answers": {secret: secret}, "survey_id": secret}

    with pytest.raises(Invalid) as envelope:
        read(json.dumps(document).encode())
    with pytest.raises(Invalid) as data:
        SurveyResponseSubmitted.read(answers)

    assert envelope.value.fields == [
        "id: uuid_parsing",
        "time: datetime_from_date_parsing",
        "tenant: string_pattern_mismatch",
    ]
    assert {field.partition(":")[0] for field in data.value.fields} >= {"data.survey_id", "data.answers.*.*"}
    assert secret not in f"{envelope.value}{data.value}{envelope.value.__cause__}{data.value.__cause__}"
    assert data.value.__context__ is None


def test_a_reader_ignores_what_a_newer_publisher_has_added() -> None:
    document = CONFIRMED | {"partitionkey": "x", "data": CONFIRMED["data"] | {"weather": "fair"}}
    gathering = sample(GatheringScheduled)["data"]
    gathering["organisers"][0]["role"] = "host"

    event = BookingConfirmed.read(read(json.dumps(document).encode()).data)

    assert event == BookingConfirmed.read(CONFIRMED["data"])
    assert GatheringScheduled.read(gathering).organisers[0].sector == "voluntary"


def test_a_reader_lets_a_new_value_of_a_closed_list_through_as_itself() -> None:
    event = BookingConfirmed.read(CONFIRMED["data"] | {"purpose": "befriending"})

    assert event.purpose == "befriending"
    assert event.purpose not in set(Purpose)
    assert event.model_dump(mode="json")["purpose"] == "befriending"


@pytest.mark.parametrize("value", ["", "two words", "a@b.dk", "A", "x" * 61, 7, None])
def test_what_cannot_be_a_value_of_a_list_is_invalid(value: Any) -> None:
    with pytest.raises(Invalid, match=r"data\.purpose: enum"):
        BookingConfirmed.read(CONFIRMED["data"] | {"purpose": value})


def test_a_publisher_can_neither_invent_a_value_nor_a_field() -> None:
    BookingConfirmed.read(CONFIRMED["data"] | {"purpose": "befriending"})  # That a reader may changes nothing here.

    with pytest.raises(ValidationError):
        BookingConfirmed.model_validate(CONFIRMED["data"] | {"purpose": "befriending"})
    with pytest.raises(ValidationError):
        BookingConfirmed.model_validate(CONFIRMED["data"] | {"weather": "fair"})


def test_times_are_written_in_utc_and_what_is_unknown_is_left_out() -> None:
    danish_noon = datetime(2023, 3, 8, 12, tzinfo=timezone(timedelta(hours=1)))
    event = BookingConfirmed.model_validate(
        {"resource_id": uuid7(), "resource_kind": "room", "purpose": "other", "channel": "self"}
        | {"starts_at": danish_noon, "ends_at": danish_noon + timedelta(minutes=30)}
    )

    document = json.loads(wrapped(event, time=danish_noon).to_bytes())

    assert document["time"] == "2023-03-08T11:00:00Z"
    assert document["data"]["ends_at"] == "2023-03-08T11:30:00Z"
    assert {"locality", "contact_id", "organisation_id"}.isdisjoint(document["data"])
    assert "null" not in json.dumps(document)


def test_a_time_without_a_zone_is_refused() -> None:
    event = OrganisationRegistered(kind="association", sector="voluntary")

    with pytest.raises(ValidationError):
        wrapped(event, time=datetime(2023, 3, 8, 12))  # noqa: DTZ001 (that is what is tested)


def test_danish_letters_and_emoji_come_back_as_they_went() -> None:
    organisation = OrganisationRegistered(kind="association", sector="voluntary", locality="Ærø")
    contact = ContactShared(name="Åse Sørensen 🌻 ÆØÅ", email="åse@blåbærgrød.dk", language="da")

    for event in (organisation, contact):
        written = wrapped(event).to_bytes()
        assert type(event).read(read(written).data) == event
        assert b"\\u" not in written


def test_a_register_is_called_register_on_the_wire() -> None:
    event = StakeholderDesignated(register="inspirationspakken", sector="public")

    assert read(wrapped(event).to_bytes()).data == {"register": "inspirationspakken", "sector": "public"}


def test_an_event_gets_an_id_in_order_of_time_and_its_place_of_origin() -> None:
    event = OrganisationRegistered(kind="association", sector="voluntary")

    first, second = wrapped(event), wrapped(event, subject="6f1d0c53a9b84e7280c4d15be3f7a920")

    assert first.id < second.id
    assert UUID(str(first.id)).version == 7
    assert first.source == "/odense/directory"
    assert second.subject == "6f1d0c53a9b84e7280c4d15be3f7a920"
