"""Waiting for a time, asked of the API: offers go down the line, end by themselves, and are taken once."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from services.booking.offers.job import Moving
from shared.clock import now
from tests.service.booking.centre import AMINA, CITIZEN, Centre, Json, danish, fields_of, in_days, utc

TOMORROW = in_days(2)
NINE, TEN = danish(TOMORROW, "09:00"), danish(TOMORROW, "10:00")


async def one_slot(centre: Centre, **fields: Any) -> tuple[Json, Json]:
    """A resource with one slot a day, which is booked."""
    hours = [{"weekday": day, "from": "09:00", "to": "09:30"} for day in range(7)]
    resource = await centre.resource(opening_hours=hours, **fields)
    return resource, await centre.booking(resource, TOMORROW, "09:00", "09:30")


async def waits(centre: Centre, resource: Json, **fields: Any) -> Json:
    body = {"resource_id": resource["id"], "earliest": NINE, "latest": TEN, "purpose": "other", "contact": AMINA}
    answer = await centre.post("waiting", CITIZEN, body | fields)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def link(made: Json) -> dict[str, str]:
    return {"x-manage-token": made["manage_token"]}


async def state(centre: Centre, made: Json) -> str:
    return str((await centre.get(f"waiting/{made['id']}", link(made))).json()["state"])


async def accept(centre: Centre, made: Json) -> Any:
    return await centre.post(f"waiting/{made['id']}/accept", link(made))


async def test_a_cancelled_talk_goes_down_the_line_and_two_clicks_on_an_offer_book_once(centre: Centre) -> None:
    resource, booking = await one_slot(centre, offer_minutes=60)
    first, second = await waits(centre, resource), await waits(centre, resource)
    early = await accept(centre, first)

    await centre.cancel_with(booking)
    states = [await state(centre, each) for each in (first, second)]
    others = await centre.post("bookings", CITIZEN, centre.wish(resource, NINE, danish(TOMORROW, "09:30")))
    with time_machine.travel(now() + timedelta(minutes=61)):
        await Moving(centre.database).round()
        late = await accept(centre, first)
        moved_on = [await state(centre, each) for each in (first, second)]
        clicks = await asyncio.gather(*(accept(centre, second) for _ in range(4)))

    assert (early.status_code, states, others.status_code) == (409, ["offered", "waiting"], 409)
    assert (late.status_code, moved_on) == (409, ["lapsed", "offered"])
    assert sorted(click.status_code for click in clicks) == [200, 409, 409, 409]
    [taken] = [click.json() for click in clicks if click.status_code == 200]
    assert (taken["state"], await state(centre, second)) == ("accepted", "accepted")
    made = await centre.get(f"bookings/{taken['booking_id']}", {"x-manage-token": taken["manage_token"]})
    assert (made.json()["state"], made.json()["starts_at"]) == ("confirmed", utc(NINE))
    listed = (await centre.get("bookings", centre.staff, resource_id=resource["id"])).json()["items"]
    assert [each["state"] for each in listed] == ["cancelled", "confirmed"]


async def test_an_offer_is_told_to_whoever_waits_and_to_nobody_else(centre: Centre) -> None:
    resource, booking = await one_slot(centre)
    first = await waits(centre, resource)
    await centre.cancel_with(booking)

    [offered] = await centre.stated(first["id"])

    assert offered["type"] == "kompas.booking.time.offered.v1"
    assert (offered["data"]["starts_at"], offered["sequence"]) == (utc(NINE), 2)
    [shared] = await centre.stated(offered["data"]["contact_id"])
    expected = f"https://kompas.example/booking/{centre.tenant}/manage#waiting.{first['id']}.{first['manage_token']}"
    assert shared["data"]["manage_url"] == expected


async def test_what_is_free_already_is_offered_at_once(centre: Centre) -> None:
    resource = await centre.resource()

    made = await waits(centre, resource)

    assert (made["state"], made["offer"]["starts_at"]) == ("offered", utc(NINE))
    assert await state(centre, await waits(centre, resource)) == "offered"
    assert await state(centre, await waits(centre, resource)) == "waiting"


async def test_whoever_leaves_gives_their_offer_to_the_next(centre: Centre) -> None:
    resource, booking = await one_slot(centre)
    first, second = await waits(centre, resource), await waits(centre, resource)
    await centre.cancel_with(booking)

    left = await centre.post(f"waiting/{first['id']}/leave", link(first))

    assert left.json()["state"] == "left"
    assert await state(centre, second) == "offered"


async def test_a_hall_that_is_given_back_is_offered_to_those_who_wait_for_its_halves(centre: Centre) -> None:
    whole = await centre.resource(kind="room", name="Salen")
    halves = [await centre.resource(kind="room", name=f"Halv {n}", parent_id=whole["id"]) for n in (1, 2)]
    booking = await centre.booking(whole, TOMORROW, "09:00", "10:00")
    line = [await waits(centre, resource, minutes=60) for resource in (*halves, whole)]

    await centre.cancel_with(booking)

    assert [await state(centre, each) for each in line] == ["offered", "offered", "waiting"]


async def test_a_time_that_only_became_free_by_waiting_is_offered_too(centre: Centre) -> None:
    resource = await centre.resource(hold_minutes=1)
    body = {"resource_id": resource["id"], "starts_at": NINE, "ends_at": danish(TOMORROW, "09:30")}
    await centre.post("holds", CITIZEN, body)
    made = await waits(centre, resource, latest=danish(TOMORROW, "09:01"))

    with time_machine.travel(now() + timedelta(minutes=2)):
        await Moving(centre.database).round()
        assert await state(centre, made) == "offered"


@pytest.fixture(params=[{"latest": NINE}, {"latest": danish(in_days(100), "09:00")}, {"earliest": TEN, "latest": NINE}])
def window(request: pytest.FixtureRequest) -> Json:
    found: Json = request.param
    return found


async def test_nobody_waits_for_ever(centre: Centre, window: Json) -> None:
    resource = await centre.resource()
    body = {"resource_id": resource["id"], "earliest": NINE, "latest": TEN, "purpose": "other", "contact": AMINA}

    answer = await centre.post("waiting", CITIZEN, body | window)

    assert (answer.status_code, fields_of(answer)) == (422, ["latest"])


async def test_a_link_opens_its_own_place_and_nothing_else(centre: Centre) -> None:
    resource, booking = await one_slot(centre)
    first, second = await waits(centre, resource), await waits(centre, resource)

    for path in (f"waiting/{second['id']}", f"bookings/{booking['id']}", f"waiting/{uuid4()}"):
        assert (await centre.get(path, link(first))).status_code == 404
    assert (await centre.post(f"waiting/{first['id']}/accept", link(second))).status_code == 404
    assert (await centre.get("waiting")).status_code == 401
    assert [each["id"] for each in (await centre.get("waiting", centre.staff)).json()["items"]] == [
        first["id"], second["id"],
    ]  # fmt: skip
