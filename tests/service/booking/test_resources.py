"""What can be booked and when it is free, asked of the API."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from tests.service.booking.centre import CITIZEN, EVERY_DAY, Centre, danish, fields_of, in_days, utc
from tests.support.people import bearer

TOMORROW = in_days(1)
NEW = {"kind": "room", "name": "Mødelokale Å 🪑", "capacity": 12, "opening_hours": EVERY_DAY, "locality": "Vollsmose"}


async def test_staff_open_a_resource_and_everybody_finds_it(centre: Centre) -> None:
    made = await centre.post("resources", centre.staff, NEW)
    found = (await centre.get("resources")).json()["items"]
    one = await centre.get(f"resources/{made.json()['id']}")

    assert made.status_code == 201, made.text
    assert made.json() == found[0] == one.json()
    assert {**made.json(), **NEW} == made.json()
    assert (made.json()["slot_minutes"], made.json()["buffer_minutes"], made.json()["state"]) == (30, 0, "open")
    assert made.headers["etag"] == one.headers["etag"] == '"1"'


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": "therapist"}, "kind"),
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": 7}, "name"),
        ({"capacity": 0}, "capacity"),
        ({"capacity": "12"}, "capacity"),
        ({"capacity": 2**40}, "capacity"),
        ({"slot_minutes": 0}, "slot_minutes"),
        ({"slot_minutes": 30.5}, "slot_minutes"),
        ({"buffer_minutes": -1}, "buffer_minutes"),
        ({"locality": "Vestergade 12, 5000 Odense C"}, "locality"),
        ({"opening_hours": None}, "opening_hours"),
        ({"opening_hours": [{"weekday": 7, "from": "09:00", "to": "16:00"}]}, "opening_hours[0].weekday"),
        ({"opening_hours": [{"weekday": True, "from": "09:00", "to": "16:00"}]}, "opening_hours[0].weekday"),
        ({"opening_hours": [{"weekday": 0, "from": "16:00", "to": "09:00"}]}, "opening_hours[0].to"),
        ({"opening_hours": [{"weekday": 0, "from": "24:00", "to": "24:00"}]}, "opening_hours[0].from"),
        ({"opening_hours": [{"weekday": 0, "from": "9", "to": "16:00"}]}, "opening_hours[0].from"),
        ({"opening_hours": [{"weekday": 0, "from": "09:00", "to": "25:00"}]}, "opening_hours[0].to"),
        (
            {"opening_hours": [*EVERY_DAY, {"weekday": 0, "from": "15:59", "to": "17:00"}]},
            "opening_hours",
        ),
        ({"opening_hours": [{"weekday": 0, "from": "09:00", "to": "16:00"}] * 51}, "opening_hours"),
        ({"owner": "Åse"}, "owner"),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
async def test_a_wrong_field_is_named(centre: Centre, changed: dict[str, Any], field: str) -> None:
    answer = await centre.post("resources", centre.staff, NEW | changed)

    assert (answer.status_code, fields_of(answer)) == (422, [field])


async def test_staff_change_only_what_they_send(centre: Centre) -> None:
    resource = await centre.resource(name="Før", capacity=5, locality="Bolbro")
    path = f"resources/{resource['id']}"

    changed = await centre.call(
        "PATCH", path, centre.staff, {"name": "Efter", "capacity": None}, headers={"if-match": '"1"'}
    )
    stale = await centre.call("PATCH", path, centre.staff, {"name": "Igen"}, headers={"if-match": '"1"'})
    nothing = await centre.call("PATCH", path, centre.staff, {"name": "Efter"})
    wrong = await centre.call("PATCH", path, centre.staff, {"name": None})

    assert changed.status_code == 200, changed.text
    assert changed.json() == resource | {"name": "Efter", "capacity": None, "version": 2}
    assert (stale.status_code, nothing.headers["etag"]) == (412, '"2"')
    assert (wrong.status_code, fields_of(wrong)) == (422, ["name"])
    for who, status in ((CITIZEN, 401), (centre.association(uuid4()), 403), (bearer("slagelse"), 404)):
        assert (await centre.call("PATCH", path, who, {"name": "Min"})).status_code == status


async def test_what_is_closed_cannot_be_found_or_booked_and_its_bookings_stand(centre: Centre) -> None:
    resource = await centre.resource()
    booking = await centre.booking(resource, TOMORROW, "09:00", "09:30")
    path = f"resources/{resource['id']}"

    closed = await centre.post(f"{path}/close", centre.staff)
    twice = await centre.post(f"{path}/close", centre.staff)
    wish = centre.wish(resource, danish(TOMORROW, "10:00"), danish(TOMORROW, "10:30"))
    booked = await centre.post("bookings", CITIZEN, wish)
    record = centre.wish(resource, danish(in_days(-3), "10:00"), danish(in_days(-3), "10:30"))

    assert (closed.status_code, closed.json()["state"]) == (200, "closed")
    assert (twice.status_code, twice.json()["type"]) == (409, "urn:kompas:problem:resource-closed")
    assert (booked.status_code, booked.json()["alternatives"]) == (409, [])
    assert (await centre.get(f"{path}/slots")).json()["items"] == []
    assert (await centre.get(path)).status_code == 404
    assert (await centre.get("resources")).json()["items"] == []
    assert [each["id"] for each in (await centre.get("resources", centre.staff)).json()["items"]] == [resource["id"]]
    assert (await centre.get_with(booking)).json()["state"] == "confirmed"
    assert (await centre.post("bookings", centre.staff, record)).status_code == 201


async def test_resources_are_found_by_kind_and_locality(centre: Centre) -> None:
    room = await centre.resource(kind="room", locality="Vollsmose")
    await centre.resource(kind="conversation", locality="Bolbro")

    for query in ({"kind": "room"}, {"locality": "Vollsmose"}):
        assert [each["id"] for each in (await centre.get("resources", **query)).json()["items"]] == [room["id"]]
    assert (await centre.get("resources", kind="x")).status_code == 422
    assert (await centre.get("resources", locality="x" * 61)).status_code == 422


async def test_free_slots_are_what_is_open_to_come_and_not_taken(centre: Centre) -> None:
    resource = await centre.resource(slot_minutes=60)
    await centre.booking(resource, TOMORROW, "10:00", "11:00")

    answer = await centre.get(f"resources/{resource['id']}/slots", **{"from": TOMORROW, "to": in_days(2)})

    starts = [danish(TOMORROW, clock) for clock in ("09:00", "11:00", "12:00", "13:00", "14:00", "15:00")]
    assert [slot["starts_at"] for slot in answer.json()["items"]] == [utc(start) for start in starts]


async def test_slots_of_the_next_week_are_shown_to_whoever_names_no_days(centre: Centre) -> None:
    resource = await centre.resource(slot_minutes=420)

    with time_machine.travel("2026-11-23T12:00:00+01:00", tick=False):
        answer = await centre.get(f"resources/{resource['id']}/slots")

    assert [slot["starts_at"][:10] for slot in answer.json()["items"]] == [f"2026-11-{day}" for day in range(24, 30)]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "2026-11-23", "to": "2026-11-23"}, "to"),
        ({"from": "2026-11-23", "to": "2026-11-22"}, "to"),
        ({"from": "2026-11-23", "to": "2027-01-25"}, "to"),
        ({"from": "23/11/2026"}, "from"),
        ({"from": "0001-01-01"}, "from"),
        ({"to": "9999-12-31"}, "to"),
    ],
    ids=["no day", "backwards", "more than 62 days", "not a date", "long ago", "far ahead"],
)
async def test_days_that_cannot_be_meant_are_told(centre: Centre, query: dict[str, str], field: str) -> None:
    resource = await centre.resource()

    answer = await centre.get(f"resources/{resource['id']}/slots", **query)

    assert (answer.status_code, fields_of(answer)) == (422, [field])


async def test_slots_of_what_is_not_here_are_not_found(centre: Centre) -> None:
    resource = await centre.resource()

    assert (await centre.get(f"resources/{uuid4()}/slots")).status_code == 404
    assert (await centre.client.get(f"/booking/slagelse/resources/{resource['id']}/slots")).status_code == 404


@pytest.mark.parametrize(
    ("night", "starts"),
    [
        (date(2027, 3, 28), ["23:00", "00:00", "01:00", "02:00"]),
        (date(2026, 10, 25), ["22:00", "23:00", "00:00", "02:00", "03:00"]),
    ],
    ids=["the hour from two to three does not exist", "the hour from two to three comes twice"],
)
async def test_both_nights_of_the_year_are_offered_and_booked_right(
    centre: Centre, night: date, starts: list[str]
) -> None:
    nightly = [{"weekday": 6, "from": "00:00", "to": "05:00"}]
    room = await centre.resource(kind="room", name="Natteravnene", slot_minutes=60, opening_hours=nightly)

    with time_machine.travel(night - timedelta(days=30)):
        query = {"from": night, "to": night + timedelta(days=1)}
        slots = (await centre.get(f"resources/{room['id']}/slots", **query)).json()["items"]
        wish = centre.wish(room, danish(night, "00:00"), danish(night, "05:00"))
        whole_night = await centre.post("bookings", CITIZEN, wish)
        after = (await centre.get(f"resources/{room['id']}/slots", **query)).json()["items"]

    assert [slot["starts_at"][11:16] for slot in slots] == starts
    assert whole_night.status_code == 201, whole_night.text
    assert after == []
