"""A booking's life, asked of the API: held, requested, decided, moved, and in the end held or not."""

import asyncio
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
import time_machine

from shared.clock import now
from tests.service.booking.centre import CITIZEN, Centre, Json, danish, fields_of, in_days, together, utc

TOMORROW = in_days(1)
NINE, HALF_PAST, TEN = (danish(TOMORROW, clock) for clock in ("09:00", "09:30", "10:00"))


def names(facts: list[Json]) -> list[tuple[str, int]]:
    return [(fact["type"].split(".")[3], fact["sequence"]) for fact in facts]


async def hold(centre: Centre, resource: Json, starts_at: str = NINE, ends_at: str = HALF_PAST) -> Json:
    answer = await centre.post(
        "holds", CITIZEN, {"resource_id": resource["id"], "starts_at": starts_at, "ends_at": ends_at}
    )
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_hold_keeps_the_time_for_whoever_fills_in_the_form_and_nobody_else(centre: Centre) -> None:
    resource = await centre.resource()
    held = await hold(centre, resource)
    wish = centre.wish(resource, NINE, HALF_PAST)

    slots = (await centre.get(f"resources/{resource['id']}/slots", **{"from": TOMORROW})).json()["items"]
    others = await centre.post("bookings", CITIZEN, wish)
    guessed = await centre.post("bookings", CITIZEN, wish | {"hold_token": held["hold_token"][:-1]})
    mine = await centre.post("bookings", CITIZEN, wish | {"hold_token": held["hold_token"]})

    assert slots[0]["starts_at"] == utc(HALF_PAST)
    assert [answer.status_code for answer in (others, guessed, mine)] == [409, 409, 201]
    assert len((await centre.get("bookings", centre.staff)).json()["items"]) == 1
    assert (await centre.get(f"bookings/{held['id']}", centre.staff)).status_code == 404
    assert await centre.stated(held["id"]) == []


async def test_a_hold_ends_by_itself_and_when_it_is_given_up(centre: Centre) -> None:
    resource = await centre.resource(hold_minutes=5)
    await hold(centre, resource)
    given_up = await hold(centre, resource, HALF_PAST, TEN)

    released = await centre.post("holds/release", {"x-hold-token": given_up["hold_token"]})
    again = await centre.post("holds/release", {"x-hold-token": given_up["hold_token"]})
    await centre.booking(resource, TOMORROW, "09:30", "10:00")
    with time_machine.travel(now() + timedelta(minutes=6)):
        slots = (await centre.get(f"resources/{resource['id']}/slots", **{"from": TOMORROW})).json()["items"]
        await centre.booking(resource, TOMORROW, "09:00", "09:30")

    assert (released.status_code, again.status_code) == (204, 404)
    assert slots[0]["starts_at"] == utc(NINE)


async def test_of_many_who_hold_and_book_at_once_where_an_expired_hold_lies_one_wins(centre: Centre) -> None:
    whole = await centre.resource(kind="room", name="Salen")
    halves = [await centre.resource(kind="room", name=f"Halv {n}", parent_id=whole["id"]) for n in (1, 2)]
    await hold(centre, whole)
    with time_machine.travel(now() + timedelta(hours=1)):
        wishes = [centre.wish(halves[n % 2], NINE, HALF_PAST) for n in range(20)]
        holds = [{key: wish[key] for key in ("resource_id", "starts_at", "ends_at")} for wish in wishes]
        answers = await together(
            centre.post(path, CITIZEN, body)
            for wish, held in zip(wishes, holds, strict=True)
            for path, body in (("bookings", wish), ("holds", held))
        )

    won = [answer.json()["resource_id"] for answer in answers if answer.status_code == 201]
    assert sorted(won) == sorted(half["id"] for half in halves)
    assert {answer.status_code for answer in answers} == {201, 409}


async def test_nobody_keeps_more_times_than_five_nor_again_and_again(centre: Centre) -> None:
    resource = await centre.resource()
    body = {"resource_id": resource["id"]}
    begins = [datetime.fromisoformat(NINE) + timedelta(minutes=30 * n) for n in range(8)]
    times = [body | {"starts_at": at.isoformat(), "ends_at": (at + timedelta(minutes=30)).isoformat()} for at in begins]

    mine = await together((centre.post("holds", CITIZEN, time) for time in times[:6]), at_once=6)
    association = await centre.post("holds", centre.association(uuid4()), times[6])
    staff = await centre.post("holds", centre.staff, times[7])
    [refused] = [answer for answer in mine if answer.status_code == 429]
    kept = [answer.json() for answer in mine if answer.status_code == 201]
    free = next(time for time in times[:6] if utc(time["starts_at"]) not in [each["starts_at"] for each in kept])
    booked = await centre.post("bookings", CITIZEN, centre.wish(resource, free["starts_at"], free["ends_at"]))
    await centre.post("holds/release", {"x-hold-token": kept[0]["hold_token"]})
    again = await centre.post("holds", CITIZEN, {key: kept[0][key] for key in times[0]})

    assert (len(kept), refused.json()["type"]) == (5, "urn:kompas:problem:too-many-holds")
    assert [answer.status_code for answer in (association, staff, booked, again)] == [201, 201, 201, 201]
    statuses = []
    for _ in range(26):  # Thirty in all.
        await centre.post("holds/release", {"x-hold-token": again.json().get("hold_token", "none")})
        again = await centre.post("holds", CITIZEN, {key: kept[0][key] for key in times[0]})
        statuses.append(again.status_code)
    assert statuses == [201] * 24 + [429] * 2
    with time_machine.travel(now() + timedelta(hours=1, minutes=1)):
        later = await centre.post("holds", CITIZEN, {key: kept[0][key] for key in times[0]})
    assert later.status_code == 201


async def asked(centre: Centre) -> Json:
    room = await centre.resource(kind="room", name="Salen", approval=True)
    return await centre.booking(room, TOMORROW, "09:00", "09:30")


async def test_what_needs_approval_is_requested_keeps_its_time_and_is_confirmed(centre: Centre) -> None:
    booking = await asked(centre)
    taken = await centre.post("bookings", CITIZEN, {**centre.wish({"id": booking["resource_id"]}, NINE, HALF_PAST)})
    confirmed = await centre.post(f"bookings/{booking['id']}/confirm", centre.staff)
    twice = await centre.post(f"bookings/{booking['id']}/confirm", centre.staff)

    assert (booking["state"], taken.status_code) == ("requested", 409)
    assert (confirmed.json()["state"], twice.json()["type"]) == ("confirmed", "urn:kompas:problem:other-state")
    assert names(await centre.stated(booking["id"])) == [("requested", 1), ("confirmed", 2)]


async def test_a_declined_request_frees_the_time_and_tells_the_citizen_why_and_nobody_else(centre: Centre) -> None:
    booking = await asked(centre)
    declined = await centre.post(f"bookings/{booking['id']}/decline", centre.staff, {"reason": "Salen er lejet ud"})
    again = await centre.post("bookings", CITIZEN, {**centre.wish({"id": booking["resource_id"]}, NINE, HALF_PAST)})

    assert (declined.json()["state"], again.status_code) == ("declined", 201)
    assert (await centre.get_with(booking)).json()["decline_reason"] == "Salen er lejet ud"
    facts = await centre.stated(booking["id"])
    assert names(facts) == [("requested", 1), ("declined", 2)]
    assert "lejet" not in str(facts)


async def test_staff_s_own_bookings_need_no_approval(centre: Centre) -> None:
    room = await centre.resource(kind="room", name="Salen", approval=True)

    made = await centre.post("bookings", centre.staff, centre.wish(room, NINE, HALF_PAST))

    assert made.json()["state"] == "confirmed"


async def test_a_citizen_moves_their_booking_and_the_old_time_is_free_again(centre: Centre) -> None:
    resource = await centre.resource()
    booking = await centre.booking(resource, TOMORROW, "09:00", "09:30")
    link = {"x-manage-token": booking["manage_token"]}

    times = (await centre.get(f"bookings/{booking['id']}/times", link, after=NINE)).json()["items"]
    moved = await centre.post(f"bookings/{booking['id']}/reschedule", link, times[0])
    await centre.booking(resource, TOMORROW, "09:00", "09:30")

    assert times[0] == {"starts_at": utc(HALF_PAST), "ends_at": utc(TEN)}
    assert (moved.status_code, moved.headers["etag"], moved.json()["moves"]) == (200, '"3"', 1)
    facts = await centre.stated(booking["id"])
    assert names(facts) == [("requested", 1), ("confirmed", 2), ("rescheduled", 3)]
    assert facts[2]["data"]["starts_at"] == utc(HALF_PAST)
    assert facts[2]["data"]["previous_starts_at"] == utc(NINE)


async def test_a_booking_that_cannot_move_stays_and_learns_what_is_free(centre: Centre) -> None:
    room = await centre.resource(kind="room", name="Salen")
    booking = await centre.booking(room, TOMORROW, "09:00", "10:00")
    await centre.booking(room, TOMORROW, "10:00", "10:30")
    link = {"x-manage-token": booking["manage_token"]}
    path = f"bookings/{booking['id']}/reschedule"

    refused = await centre.post(path, link, {"starts_at": HALF_PAST, "ends_at": danish(TOMORROW, "10:30")})
    over_itself = await centre.post(path, centre.staff, {"starts_at": HALF_PAST, "ends_at": TEN})

    assert (refused.status_code, refused.json()["type"]) == (409, "urn:kompas:problem:slot-taken")
    assert refused.json()["alternatives"][0]["starts_at"] == utc(danish(TOMORROW, "10:30"))
    assert (over_itself.status_code, over_itself.json()["starts_at"]) == (200, utc(HALF_PAST))
    assert len(await centre.stated(booking["id"])) == 3


async def test_two_who_swap_places_at_once_end_in_no_deadlock(centre: Centre) -> None:
    resource = await centre.resource()
    clocks = ["09:00", "09:30", "10:00", "10:30"]
    bookings = [await centre.booking(resource, TOMORROW, a, b) for a, b in pairwise(clocks)]
    times = [{key: booking[key] for key in ("starts_at", "ends_at")} for booking in bookings]

    answers = await asyncio.gather(
        *(
            centre.post(f"bookings/{booking['id']}/reschedule", centre.staff, time)
            for booking in bookings
            for time in [*times, {"starts_at": danish(TOMORROW, "10:30"), "ends_at": danish(TOMORROW, "11:00")}]
        )
    )

    assert {answer.status_code for answer in answers} <= {200, 409}


async def test_too_close_to_the_time_a_citizen_calls_and_staff_still_can(centre: Centre) -> None:
    resource = await centre.resource(change_notice_minutes=3 * 1440)
    booking = await centre.booking(resource, TOMORROW, "09:00", "09:30")
    link = {"x-manage-token": booking["manage_token"]}
    elsewhen = {"starts_at": HALF_PAST, "ends_at": TEN}

    shown = (await centre.get_with(booking)).json()
    cancelled = await centre.cancel_with(booking)
    moved = await centre.post(f"bookings/{booking['id']}/reschedule", link, elsewhen)
    by_staff = await centre.post(f"bookings/{booking['id']}/reschedule", centre.staff, elsewhen)

    assert shown["changeable"] is False
    assert [answer.json()["type"] for answer in (cancelled, moved)] == ["urn:kompas:problem:too-late"] * 2
    assert by_staff.status_code == 200


@pytest.mark.parametrize(("step", "state"), [("complete", "completed"), ("no-show", "no_show")])
async def test_whether_they_came_is_told_once_and_after_it_began(centre: Centre, step: str, state: str) -> None:
    booking = await centre.booking(await centre.resource(), TOMORROW, "09:00", "09:30")
    path = f"bookings/{booking['id']}/{step}"

    early = await centre.post(path, centre.staff)
    with time_machine.travel(now() + timedelta(days=3)):
        told = await centre.post(path, centre.staff)
        again = await centre.post(path, centre.staff)
        cancelled = await centre.post(f"bookings/{booking['id']}/cancel", centre.staff)

    assert early.json()["type"] == "urn:kompas:problem:not-yet-begun"
    assert (told.status_code, told.json()["state"]) == (200, state)
    assert [answer.status_code for answer in (again, cancelled)] == [409, 409]
    facts = await centre.stated(booking["id"])
    assert names(facts)[-1] == (state, 3)
    assert facts[-1]["time"] == utc(HALF_PAST)


async def test_only_staff_decide(centre: Centre) -> None:
    booking = await asked(centre)
    link = {"x-manage-token": booking["manage_token"]}

    for step in ("confirm", "decline", "complete", "no-show"):
        assert (await centre.post(f"bookings/{booking['id']}/{step}", link)).status_code == 401


async def test_a_wrong_new_time_is_named(centre: Centre) -> None:
    booking = await centre.booking(await centre.resource(), TOMORROW, "09:00", "09:30")
    path = f"bookings/{booking['id']}/reschedule"

    answer = await centre.post(
        path, centre.staff, {"starts_at": danish(TOMORROW, "09:10"), "ends_at": danish(TOMORROW, "09:40")}
    )

    assert (answer.status_code, fields_of(answer)) == (422, ["starts_at"])
    assert answer.json()["alternatives"][0]["starts_at"] == utc(HALF_PAST)
