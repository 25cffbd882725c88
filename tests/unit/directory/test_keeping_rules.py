"""What a change changes, what a schedule may be, and what a description does not say: pure rules, as tables."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from services.directory.activities.rules import HINTS, missing
from services.directory.activities.schedules import Schedule
from services.directory.changes.rules import FieldChange, differences, differing
from services.directory.editors.rules import holds, parts_of
from shared.events.kinds import Form

CURRENT = {"title": "Spis", "price": None, "themes": ["mad"], "locality": "Bolbro", "companion_welcome": False}
EVENING = {"from": "19:00", "to": "21:00"}


@pytest.mark.parametrize(
    ("wanted", "fields"),
    [
        ({}, []),
        ({"title": "Spis", "price": None}, []),
        ({"title": "Kor"}, [("title", "Spis", "Kor")]),
        ({"locality": None, "title": "Kor"}, [("title", "Spis", "Kor"), ("locality", "Bolbro", None)]),
        ({"price": 0}, [("price", None, 0)]),
        ({"themes": ["mad", "kor"]}, [("themes", ["mad"], ["mad", "kor"])]),
    ],
    ids=["nothing", "the same again", "one", "two, in the entry's order", "free is not unsaid", "a list as a whole"],
)
def test_exactly_the_fields_that_change_are_told(wanted: dict[str, Any], fields: list[tuple[Any, ...]]) -> None:
    assert differences(CURRENT, wanted, first=False) == [FieldChange(*each) for each in fields]
    assert differing(CURRENT, wanted).keys() == {field for field, _, _ in fields}


def test_of_what_nobody_has_seen_everything_said_is_new() -> None:
    assert differences(CURRENT, {"price": 0}, first=True) == [
        FieldChange("title", None, "Spis"),
        FieldChange("price", None, 0),
        FieldChange("themes", None, ["mad"]),
        FieldChange("locality", None, "Bolbro"),
    ]


@pytest.mark.parametrize(
    "schedule",
    [
        {"weekday": 0, **EVENING},
        {"weekday": 6, **EVENING, "every": "month_last"},
        {"weekday": 1, **EVENING, "every": "two_weeks", "valid_from": "2026-09-01", "valid_to": "2026-12-01"},
        {"date": "2026-12-24", **EVENING},
    ],
)
def test_a_schedule_is_stored_as_it_can_be_sent_again(schedule: dict[str, Any]) -> None:
    stored = Schedule.model_validate(schedule).document()

    assert stored == Schedule.model_validate(stored).document()
    assert stored.items() >= schedule.items()


@pytest.mark.parametrize(
    "schedule",
    [
        {**EVENING},
        {"weekday": 1, "date": "2026-12-24", **EVENING},
        {"weekday": -1, **EVENING},
        {"weekday": 1, "from": "21:00", "to": "19:00"},
        {"weekday": 1, "from": "9:00", "to": "10:00"},
        {"weekday": 1, "from": "19:00", "to": "24:00"},
        {"date": "2026-12-24", **EVENING, "valid_from": "2026-01-01"},
        {"weekday": 1, **EVENING, "valid_from": "2026-12-01", "valid_to": "2026-09-01"},
        {"weekday": 1, **EVENING, "every": "two_weeks"},
        {"weekday": 1, **EVENING, "every": "year"},
    ],
)
def test_a_schedule_that_nobody_could_come_to_is_refused(schedule: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Schedule.model_validate(schedule)


@pytest.mark.parametrize(
    ("said", "unsaid"),
    [
        ({}, set(HINTS)),
        ({"description": "Vi spiser", "price": 0}, set(HINTS) - {"description", "price"}),
        ({"postcode": "5240"}, set(HINTS) - {"place"}),
        ({"form": Form.DIGITAL}, set(HINTS) - {"place", "accessibility"}),
    ],
    ids=["only a title", "free is an answer", "a postcode is a place", "online is nowhere, and everybody gets in"],
)
def test_what_a_citizen_would_ask_is_told(said: dict[str, Any], unsaid: set[str]) -> None:
    silent = {"form": Form.PHYSICAL, "locality": None, "address": None, "postcode": None, "premises_id": None}

    assert set(missing(silent | said)) == unsaid


def test_a_link_holds_until_its_last_moment_or_until_it_is_revoked() -> None:
    end = datetime(2026, 12, 1, tzinfo=UTC)

    assert holds(end, None, end - timedelta(seconds=1))
    assert not holds(end, None, end)
    assert not holds(end, end - timedelta(days=9), end - timedelta(days=1))


def test_what_is_no_link_has_no_parts() -> None:
    id = uuid4()

    assert parts_of(f"{id}.token") == (id, "token")
    assert parts_of("token") is None
    assert parts_of("") is None
