"""Asking again and again, asked of the API: each time on its own, and the refused ones wait."""

import asyncio
from datetime import date, datetime
from typing import Any

import pytest
import time_machine

from shared.clock import DANISH
from tests.service.booking.centre import AMINA, CITIZEN, EVERY_DAY, Centre, Json, danish, fields_of, in_days, utc

DAYS = [in_days(n) for n in (7, 14, 21, 28)]
WEEKLY = "FREQ=WEEKLY;COUNT=4"


async def ask(centre: Centre, resource: Json, day: date = DAYS[0], rule: str = WEEKLY, **fields: Any) -> Any:
    return await centre.post("series", fields.pop("who", CITIZEN), season(resource, day, rule) | fields)


def season(resource: Json, day: date, rule: str) -> Json:
    return {
        "resource_id": resource["id"],
        "starts_at": danish(day, "10:00"),
        "ends_at": danish(day, "11:00"),
        "rule": rule,
        "contact": AMINA,
    }


async def room(centre: Centre, **fields: Any) -> Json:
    return await centre.resource(kind="room", name="Salen", slot_minutes=60, **fields)


def link(made: Json) -> dict[str, str]:
    return {"x-manage-token": made["manage_token"]}


async def test_a_season_with_one_collision_books_the_rest_and_is_offered_the_missing_day_when_it_is_free(
    centre: Centre,
) -> None:
    salen = await room(centre)
    collision = await centre.booking(salen, DAYS[2], "10:00", "11:00")

    made = (await ask(centre, salen)).json()
    await centre.cancel_with(collision)
    offered = (await centre.get(f"series/{made['id']}", link(made))).json()
    place = offered["occurrences"][2]
    taken = await centre.post(f"waiting/{place['waiting_id']}/accept", link(made))
    whole = (await centre.get(f"series/{made['id']}", link(made))).json()

    assert [each["state"] for each in made["occurrences"]] == ["confirmed", "confirmed", "refused", "confirmed"]
    assert (made["booked"], made["refused"]) == (3, 1)
    refused = made["occurrences"][2]
    assert (refused["reason"], refused["offer"]) == ("slot-taken", None)
    assert refused["alternatives"][0]["starts_at"] == utc(danish(DAYS[2], "11:00"))
    assert place["offer"]["starts_at"] == utc(danish(DAYS[2], "10:00"))
    assert taken.status_code == 200, taken.text
    assert [each["state"] for each in whole["occurrences"]] == ["confirmed"] * 4
    assert whole["occurrences"][2]["reason"] == "slot-taken"
    booking = (await centre.get(f"bookings/{whole['occurrences'][2]['booking_id']}", link(made))).json()
    assert booking["series_id"] == made["id"]


async def test_a_weekly_booking_from_february_to_november_keeps_its_wall_clock_time(centre: Centre) -> None:
    hours = [{"weekday": 0, "from": "10:00", "to": "11:00"}]
    salen = await room(centre, opening_hours=hours)
    with time_machine.travel("2026-11-23T09:00:00Z"):
        made = await ask(centre, salen, date(2027, 2, 1), "FREQ=WEEKLY;BYDAY=MO;UNTIL=20271129")

    body = made.json()
    assert (made.status_code, body["booked"], body["refused"]) == (201, 44, 0), made.text
    bookings = (await centre.get("bookings", centre.staff, limit=200)).json()["items"]
    assert len(bookings) == 44
    walls = {f"{datetime.fromisoformat(each['starts_at']).astimezone(DANISH):%a %H:%M}" for each in bookings}
    assert walls == {"Mon 10:00"}
    assert {each["starts_at"][11:16] for each in bookings} == {"08:00", "09:00"}


async def test_a_holiday_is_refused_with_its_reason_and_the_rest_is_booked(centre: Centre) -> None:
    salen = await room(centre, closed_on=["public_holiday"], opening_hours=EVERY_DAY)
    with time_machine.travel("2026-11-23T09:00:00Z"):
        made = (await ask(centre, salen, date(2027, 3, 22))).json()

    assert [each["reason"] for each in made["occurrences"]] == [None, "not-open", None, None]


async def test_a_season_is_one_mail_and_as_many_facts_as_there_are_bookings(centre: Centre) -> None:
    made = (await ask(centre, await room(centre))).json()

    [decided] = await centre.stated(made["id"])
    facts = await centre.stated(made["occurrences"][0]["booking_id"])

    assert decided["type"] == "kompas.booking.series.decided.v1"
    assert (decided["data"]["booked"], decided["data"]["refused"]) == (4, 0)
    assert [fact["data"]["series_id"] for fact in facts] == [made["id"]] * 2
    [shared] = await centre.stated(decided["data"]["contact_id"])
    assert f"#series.{made['id']}.{made['manage_token']}" in shared["data"]["manage_url"]


async def test_a_link_to_a_season_cancels_one_of_its_times_or_all(centre: Centre) -> None:
    salen = await room(centre)
    made = (await ask(centre, salen)).json()

    one = await centre.post(f"bookings/{made['occurrences'][0]['booking_id']}/cancel", link(made))
    everything = await centre.post(f"series/{made['id']}/cancel", link(made))

    assert one.status_code == 200
    assert [each["state"] for each in everything.json()["occurrences"]] == ["cancelled"] * 4
    await centre.booking(salen, DAYS[1], "10:00", "11:00")


async def test_staff_confirm_a_season_that_needed_approval(centre: Centre) -> None:
    made = (await ask(centre, await room(centre, approval=True))).json()

    by_citizen = await centre.post(f"series/{made['id']}/confirm", link(made))
    confirmed = await centre.post(f"series/{made['id']}/confirm", centre.staff)

    assert [each["state"] for each in made["occurrences"]] == ["requested"] * 4
    assert by_citizen.status_code == 401
    assert [each["state"] for each in confirmed.json()["occurrences"]] == ["confirmed"] * 4


async def test_two_seasons_that_cross_at_once_share_what_there_is_without_deadlock(centre: Centre) -> None:
    whole = await room(centre)
    half = await room(centre, parent_id=whole["id"])
    daily = "FREQ=DAILY;COUNT=15"

    made = await asyncio.gather(*(ask(centre, each, DAYS[0], daily) for each in (whole, half, whole, half)))

    assert [each.status_code for each in made] == [201] * 4
    assert sum(each.json()["booked"] for each in made) == 15


@pytest.mark.parametrize("rule", ["hver mandag", "FREQ=DAILY", "FREQ=SECONDLY;COUNT=3", "FREQ=DAILY;COUNT=500"])
async def test_a_rule_that_cannot_be_meant_is_named(centre: Centre, rule: str) -> None:
    answer = await ask(centre, await room(centre), rule=rule)

    assert (answer.status_code, fields_of(answer)) == (422, ["rule"])


async def test_another_s_season_is_not_there(centre: Centre) -> None:
    made = (await ask(centre, await room(centre))).json()

    assert (await centre.get(f"series/{made['id']}", {"x-manage-token": "x"})).status_code == 404
    assert (await centre.get(f"series/{made['id']}")).status_code == 401
    assert (await centre.get("series")).status_code == 401
    listed = (await centre.get("series", centre.staff)).json()["items"]
    assert [each["id"] for each in listed] == [made["id"]]
