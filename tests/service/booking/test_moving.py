"""A part that comes to belong to another hall takes its bookings along, or stays where it is."""

from typing import Any

from tests.service.booking.centre import AMINA, CITIZEN, Centre, Json, danish, fields_of, in_days, utc

DAY = in_days(3)
NOWHERE = "01870a3c-5d00-7b52-8e77-6f9d1c2b3a40"
NINE, TEN = danish(DAY, "09:00"), danish(DAY, "10:00")


async def room(centre: Centre, name: str, parent: Json | None = None, **fields: Any) -> Json:
    return await centre.resource(kind="room", name=name, **({"parent_id": parent["id"]} if parent else {}), **fields)


async def moves(centre: Centre, part: Json, to: Json | None) -> Any:
    return await centre.post(f"resources/{part['id']}/move", centre.staff, {"parent_id": to and to["id"]})


async def status(centre: Centre, resource: Json, clock: str, until: str) -> int:
    wish = centre.wish(resource, danish(DAY, clock), danish(DAY, until))
    return int((await centre.post("bookings", CITIZEN, wish)).status_code)


async def test_a_half_with_its_bookings_blocks_the_hall_it_moved_to_and_no_longer_the_one_it_left(
    centre: Centre,
) -> None:
    old, new = await room(centre, "Gammel sal"), await room(centre, "Ny sal")
    half = await room(centre, "Halv", old)
    corner = await room(centre, "Hjørne", half)
    booked = await centre.booking(half, DAY, "09:00", "10:00")
    await centre.booking(corner, DAY, "11:00", "12:00")
    body = {"resource_id": half["id"], "earliest": NINE, "latest": TEN, "minutes": 60, "contact": AMINA}
    waits = (await centre.post("waiting", CITIZEN, body)).json()

    moved = await moves(centre, half, new)

    assert (moved.status_code, moved.json()["parent_id"], moved.json()["version"]) == (200, new["id"], 2)
    assert [await status(centre, old, *time) for time in (("09:00", "10:00"), ("11:00", "12:00"))] == [201, 201]
    assert [await status(centre, new, *time) for time in (("09:00", "10:00"), ("11:00", "12:00"))] == [409, 409]
    assert [await status(centre, new, "13:00", "14:00"), await status(centre, corner, "13:00", "14:00")] == [201, 409]
    # The line goes along, too, and so does what is given back.
    await centre.cancel_with(booked)
    link = {"x-manage-token": waits["manage_token"]}
    assert (await centre.get(f"waiting/{waits['id']}", link)).json()["state"] == "offered"
    taken = await centre.post(f"waiting/{waits['id']}/accept", link)
    assert (taken.status_code, await status(centre, new, "09:00", "10:00")) == (200, 409)

    alone = await moves(centre, half, None)
    assert (alone.status_code, alone.json()["parent_id"]) == (200, None)
    assert [await status(centre, new, "09:00", "10:00"), await status(centre, corner, "09:00", "10:00")] == [201, 409]


async def test_where_it_is_taken_it_does_not_move_and_says_when(centre: Centre) -> None:
    old, new = await room(centre, "Gammel sal"), await room(centre, "Ny sal")
    half = await room(centre, "Halv", old)
    await centre.booking(half, DAY, "09:00", "10:00")
    await centre.booking(new, DAY, "09:30", "10:30")

    refused = await moves(centre, half, new)

    assert (refused.status_code, refused.json()["type"]) == (409, "urn:kompas:problem:no-room-there")
    assert [each["starts_at"] for each in refused.json()["taken"]] == [utc(danish(DAY, "09:30"))]
    assert (await centre.get(f"resources/{half['id']}")).json()["parent_id"] == old["id"]
    assert await status(centre, old, "09:00", "10:00") == 409


async def test_nothing_becomes_a_part_of_itself(centre: Centre) -> None:
    hall = await room(centre, "Sal")
    half = await room(centre, "Halv", hall)
    closed = await room(centre, "Lukket")
    await centre.post(f"resources/{closed['id']}/close", centre.staff)

    for part, whole in ((hall, half), (hall, hall), (half, closed), (half, {"id": NOWHERE})):
        answer = await moves(centre, part, whole)
        assert (answer.status_code, fields_of(answer)) == (422, ["parent_id"])
    assert (await moves(centre, half, hall)).json()["version"] == 1
    assert (await centre.post(f"resources/{half['id']}/move", CITIZEN, {"parent_id": None})).status_code == 401
