"""Resource time, asked of the API: trees, buffers, seasons, days off, and who may book when."""

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from shared.clock import now
from tests.service.booking.centre import CITIZEN, EVERY_DAY, Centre, Json, danish, fields_of, in_days, together, utc

TOMORROW = in_days(1)


def season(first: str, last: str) -> Json:
    return {"first_day": first, "last_day": last, "opening_hours": []}


async def hall(centre: Centre) -> tuple[Json, Json, Json]:
    """A hall and its two halves."""
    whole = await centre.resource(kind="room", name="Salen")
    halves = [await centre.resource(kind="room", name=f"Halv {n}", parent_id=whole["id"]) for n in (1, 2)]
    return whole, halves[0], halves[1]


async def starts(centre: Centre, resource: Json, first: date, days: int = 1) -> list[str]:
    query = {"from": first, "to": first + timedelta(days=days)}
    answer = await centre.get(f"resources/{resource['id']}/slots", **query)
    assert answer.status_code == 200, answer.text
    return [slot["starts_at"] for slot in answer.json()["items"]]


async def test_of_a_hundred_who_want_two_halves_and_the_whole_exactly_the_right_number_win(centre: Centre) -> None:
    whole, one, other = await hall(centre)
    wishes = [
        centre.wish(resource, danish(TOMORROW, "09:00"), danish(TOMORROW, "09:30"))
        for n in range(100)
        for resource in ((whole, one, other)[n % 3],)
    ]

    answers = await together(centre.post("bookings", CITIZEN, wish) for wish in wishes)

    won = [answer.json()["resource_id"] for answer in answers if answer.status_code == 201]
    assert sorted(won) in ([whole["id"]], sorted([one["id"], other["id"]]))
    lost = [answer for answer in answers if answer.status_code != 201]
    assert {answer.status_code for answer in lost} == {409}
    assert {answer.json()["alternatives"][0]["starts_at"] for answer in lost} == {utc(danish(TOMORROW, "09:30"))}


async def test_a_hall_and_its_parts_block_each_other_and_the_parts_do_not(centre: Centre) -> None:
    whole, one, other = await hall(centre)
    corner = await centre.resource(kind="room", name="Hjørnet", parent_id=one["id"])

    await centre.booking(corner, TOMORROW, "09:00", "09:30")
    await centre.booking(other, TOMORROW, "10:00", "10:30")
    await centre.booking(whole, TOMORROW, "11:00", "11:30")

    nine, ten, eleven = (utc(danish(TOMORROW, clock)) for clock in ("09:00", "10:00", "11:00"))
    for resource, busy in ((whole, {nine, ten, eleven}), (one, {nine, eleven}), (other, {ten, eleven})):
        found = await starts(centre, resource, TOMORROW)
        assert {nine, ten, eleven} - set(found) == busy
        for clock, until in (("09:00", "09:30"), ("10:00", "10:30"), ("11:00", "11:30")):
            wish = centre.wish(resource, danish(TOMORROW, clock), danish(TOMORROW, until))
            if utc(danish(TOMORROW, clock)) in busy:
                assert (await centre.post("bookings", CITIZEN, wish)).status_code == 409


async def test_what_became_divided_later_keeps_what_was_booked_as_a_whole(centre: Centre) -> None:
    whole = await centre.resource(kind="room", name="Salen")
    await centre.booking(whole, TOMORROW, "09:00", "09:30")
    half = await centre.resource(kind="room", name="Halv", parent_id=whole["id"])

    lost = await centre.post(
        "bookings", CITIZEN, centre.wish(half, danish(TOMORROW, "09:00"), danish(TOMORROW, "09:30"))
    )

    assert lost.status_code == 409
    parts = (await centre.get("resources", parent_id=whole["id"])).json()["items"]
    assert [part["id"] for part in parts] == [half["id"]]


async def test_a_part_of_what_is_not_here_cannot_be_opened(centre: Centre) -> None:
    body = {"kind": "room", "name": "Halv", "opening_hours": [], "parent_id": str(uuid4())}

    answer = await centre.post("resources", centre.staff, body)

    assert (answer.status_code, fields_of(answer)) == (404, ["parent_id"])


async def test_rooms_are_found_by_seats_and_by_what_somebody_must_know_before_they_go(centre: Centre) -> None:
    small = await centre.resource(kind="room", name="Lille", capacity=6, features=["step_free_access"])
    large = await centre.resource(
        kind="room", name="Stor", capacity=40, features=["hearing_loop", "step_free_access"], equipment=["Overhead"]
    )

    async def found(**query: Any) -> list[str]:
        return [each["id"] for each in (await centre.get("resources", **query)).json()["items"]]

    assert await found(seats=7) == [large["id"]]
    assert await found(feature="step_free_access") == [small["id"], large["id"]]
    assert await found(feature=["step_free_access", "hearing_loop"]) == [large["id"]]
    assert large["equipment"] == ["overhead"]
    assert (await centre.get("resources", feature="sauna")).status_code == 422


async def test_before_and_after_a_booking_there_is_time_to_set_up_and_to_clean(centre: Centre) -> None:
    room = await centre.resource(kind="room", name="Salen", buffer_before_minutes=30, buffer_minutes=30)
    await centre.booking(room, TOMORROW, "11:00", "12:00")

    found = await starts(centre, room, TOMORROW)

    # Cleaning after the one and setting up for the other come one after another.
    assert utc(danish(TOMORROW, "09:30")) in found
    assert not {utc(danish(TOMORROW, clock)) for clock in ("10:00", "10:30", "11:00", "12:00", "12:30")} & set(found)
    assert utc(danish(TOMORROW, "13:00")) in found


async def test_seasons_days_that_differ_and_closed_periods_decide_when_it_is_open(centre: Centre) -> None:
    days = [in_days(n) for n in range(10, 14)]
    hours = {"from": "18:00", "to": "19:00"}
    room = await centre.resource(
        kind="room",
        name="Salen",
        slot_minutes=60,
        seasons=[
            {
                "first_day": str(days[0]),
                "last_day": str(days[3]),
                "opening_hours": [{"weekday": n, **hours} for n in range(7)],
            }
        ],
        exceptions=[{"day": str(days[1]), "opening_hours": [{"from": "07:00", "to": "08:00"}]}],
        closures=[{"first_day": str(days[2]), "last_day": str(days[2]), "reason": "Gulvet lakeres"}],
    )

    found = await starts(centre, room, days[0], 5)

    assert found[:3] == [
        utc(danish(days[0], "18:00")),
        utc(danish(days[1], "07:00")),
        utc(danish(days[3], "18:00")),
    ]
    assert found[3] == utc(danish(in_days(14), "09:00"))
    assert room["closures"][0]["reason"] == "Gulvet lakeres"


async def test_closing_for_a_period_keeps_what_was_booked_and_takes_no_more(centre: Centre) -> None:
    room = await centre.resource(kind="room", name="Salen")
    booking = await centre.booking(room, TOMORROW, "09:00", "09:30")
    closures = [{"first_day": str(TOMORROW), "last_day": str(in_days(20))}]

    changed = await centre.call("PATCH", f"resources/{room['id']}", centre.staff, {"closures": closures})
    refused = await centre.post(
        "bookings", CITIZEN, centre.wish(room, danish(TOMORROW, "10:00"), danish(TOMORROW, "10:30"))
    )

    assert changed.status_code == 200, changed.text
    assert (await centre.get_with(booking)).json()["state"] == "confirmed"
    assert (refused.status_code, fields_of(refused)) == (422, ["starts_at"])
    assert refused.json()["alternatives"][0]["starts_at"] == utc(danish(in_days(21), "09:00"))


async def test_a_new_resource_is_closed_on_holidays_unless_the_centre_says_otherwise(centre: Centre) -> None:
    body = {"kind": "room", "name": "Salen", "opening_hours": EVERY_DAY}
    usual = (await centre.post("resources", centre.staff, body)).json()
    always = (await centre.post("resources", centre.staff, body | {"closed_on": []})).json()
    with time_machine.travel("2026-12-20T09:00:00Z"):
        christmas = date(2026, 12, 24)
        open_days = {start[:10] for start in await starts(centre, usual, christmas, 9)}

        assert open_days == {"2026-12-27", "2026-12-28", "2026-12-29", "2026-12-30"}
        assert len({start[:10] for start in await starts(centre, always, christmas, 9)}) == 9
    assert usual["closed_on"] == ["public_holiday", "christmas_eve", "new_years_eve"]


async def test_notice_and_horizon_bind_citizens_and_not_staff(centre: Centre) -> None:
    resource = await centre.resource(notice_minutes=3 * 1440, horizon_days=10)
    soon, far = in_days(2), in_days(20)

    for day in (soon, far):
        wish = centre.wish(resource, danish(day, "12:00"), danish(day, "12:30"))
        refused = await centre.post("bookings", CITIZEN, wish)
        assert (refused.status_code, fields_of(refused)) == (422, ["starts_at"])
        assert (await centre.post("bookings", centre.staff, wish)).status_code == 201
        assert await starts(centre, resource, day) == []


@pytest.mark.parametrize(
    ("open_to", "citizen", "member"), [("everyone", 201, 201), ("members", 403, 201), ("staff", 403, 403)]
)
async def test_who_may_book_is_the_resource_s_to_say(centre: Centre, open_to: str, citizen: int, member: int) -> None:
    room = await centre.resource(kind="room", name="Salen", open_to=open_to)

    async def status(who: dict[str, str], clock: str, until: str) -> int:
        wish = centre.wish(room, danish(TOMORROW, clock), danish(TOMORROW, until))
        return (await centre.post("bookings", who, wish)).status_code

    assert await status(CITIZEN, "09:00", "09:30") == citizen
    assert await status(centre.association(uuid4()), "09:30", "10:00") == member
    assert await status(centre.staff, "10:00", "10:30") == 201


async def test_an_association_that_asks_twice_at_once_gets_no_more_than_its_share_of_the_month(centre: Centre) -> None:
    room = await centre.resource(kind="room", name="Salen", monthly_quota=2)
    ours, theirs = centre.association(uuid4()), centre.association(uuid4())
    first = (now().date() + timedelta(days=40)).replace(day=1)
    clocks = ["09:00", "10:00", "11:00", "12:00", "13:00"]
    wishes = [centre.wish(room, danish(first, clock), danish(first, clock[:2] + ":30")) for clock in clocks]

    answers = await asyncio.gather(*(centre.post("bookings", ours, wish) for wish in wishes))
    next_month = (first + timedelta(days=31)).replace(day=1)
    later = await centre.post(
        "bookings", ours, centre.wish(room, danish(next_month, "09:00"), danish(next_month, "09:30"))
    )
    others = await centre.post("bookings", theirs, centre.wish(room, danish(first, "15:00"), danish(first, "15:30")))

    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409, 409]
    refused = next(answer for answer in answers if answer.status_code == 409).json()
    assert (refused["type"], refused["quota"]) == ("urn:kompas:problem:quota-used", 2)
    assert refused["alternatives"][0]["starts_at"] == utc(danish(next_month, "09:00"))
    assert (later.status_code, others.status_code) == (201, 201)


async def test_an_adviser_s_day_out_says_where_and_so_does_the_booking(centre: Centre) -> None:
    hours = [{**each, "locality": "Vollsmose"} for each in EVERY_DAY]
    resource = await centre.resource(opening_hours=hours, locality="Odense")
    [slot, *_] = (await centre.get(f"resources/{resource['id']}/slots", **{"from": TOMORROW})).json()["items"]

    made = await centre.post("bookings", CITIZEN, {**centre.wish(resource, "", ""), **slot})

    assert slot["locality"] == "Vollsmose"
    assert (made.status_code, made.json()["locality"]) == (201, "Vollsmose")
    assert (await centre.stated(made.json()["id"]))[0]["data"]["locality"] == "Vollsmose"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        (
            {"seasons": [{"first_day": "2027-05-01", "last_day": "2027-04-01", "opening_hours": []}]},
            "seasons[0].last_day",
        ),
        ({"seasons": [{"first_day": "2027-05-01", "last_day": "2027-06-01", "opening_hours": []}] * 2}, "seasons"),
        ({"exceptions": [{"day": "2027-05-01", "opening_hours": []}] * 2}, "exceptions"),
        ({"closed_on": ["fridays"]}, "closed_on[0]"),
        ({"features": ["sauna"]}, "features[0]"),
        ({"equipment": ["Per Hansen, 20 12 34 56"]}, "equipment[0]"),
        ({"open_to": "friends"}, "open_to"),
        ({"horizon_days": 731}, "horizon_days"),
        ({"monthly_quota": 0}, "monthly_quota"),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_a_wrong_rule_is_named(centre: Centre, changed: dict[str, Any], field: str) -> None:
    body = {"kind": "room", "name": "Salen", "opening_hours": EVERY_DAY}

    answer = await centre.post("resources", centre.staff, body | changed)

    assert (answer.status_code, fields_of(answer)) == (422, [field])
