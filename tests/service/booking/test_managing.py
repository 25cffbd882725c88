"""Looking at a booking and giving it back: for staff, and for whoever holds its link."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from shared.clock import now
from tests.service.booking.centre import AMINA, CITIZEN, Centre, in_days
from tests.support.people import bearer

TOMORROW = in_days(1)


async def test_the_link_shows_when_and_where_and_nobody_s_name(centre: Centre) -> None:
    booking = await centre.booking(
        await centre.resource(name="Samtale med Åse", locality="Bolbro"), TOMORROW, "09:00", "09:30"
    )

    by_link = await centre.get_with(booking)
    by_staff = await centre.get(f"bookings/{booking['id']}", centre.staff)

    assert by_link.status_code == by_staff.status_code == 200
    assert by_link.json()["resource"] == {"name": "Samtale med Åse", "kind": "conversation", "locality": "Bolbro"}
    assert by_link.json()["contact"] is None
    assert by_staff.json()["contact"] == {**AMINA, "phone": "+4520123456", "prefers": None}
    assert "manage_token" not in by_staff.text + by_link.text


async def test_a_wrong_token_opens_nothing(centre: Centre) -> None:
    booking = await centre.booking(await centre.resource(), TOMORROW, "09:00", "09:30")
    other = await centre.booking(await centre.resource(), TOMORROW, "09:00", "09:30")
    path = f"bookings/{booking['id']}"

    for token in ("x", other["manage_token"], booking["manage_token"][:-1], booking["manage_token"] + "x", "æ"):
        headers = {"x-manage-token": token.encode()}
        assert (await centre.call("GET", path, CITIZEN, headers=headers)).status_code == 404
        assert (await centre.call("POST", path + "/cancel", CITIZEN, {}, headers=headers)).status_code == 404
    assert (await centre.get(path)).status_code == 401
    assert (await centre.post(path + "/cancel", CITIZEN)).status_code == 401
    assert (await centre.post(path + "/cancel", centre.association(uuid4()))).status_code == 403
    assert (await centre.get_with(booking)).json()["state"] == "confirmed"


async def test_a_cancelled_time_is_free_again(centre: Centre) -> None:
    resource = await centre.resource()
    booking = await centre.booking(resource, TOMORROW, "09:00", "09:30")

    cancelled = await centre.cancel_with(booking)
    twice = await centre.cancel_with(booking)
    again = await centre.booking(resource, TOMORROW, "09:00", "09:30")

    assert (cancelled.status_code, cancelled.headers["etag"]) == (200, '"3"')
    assert (cancelled.json()["state"], cancelled.json()["cancelled_by"]) == ("cancelled", "citizen")
    assert (twice.status_code, twice.json()["type"]) == (409, "urn:kompas:problem:already-cancelled")
    assert again["id"] != booking["id"]


async def test_of_two_who_cancel_at_once_one_is_told_that_it_was_done(centre: Centre) -> None:
    booking = await centre.booking(await centre.resource(), TOMORROW, "09:00", "09:30")

    answers = await asyncio.gather(*(centre.cancel_with(booking) for _ in range(5)))

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]
    assert len(await centre.stated(booking["id"])) == 3


async def test_a_citizen_gives_back_a_time_only_before_it_begins_and_staff_always(centre: Centre) -> None:
    booking = await centre.booking(await centre.resource(), TOMORROW, "09:00", "09:30")

    with time_machine.travel(now() + timedelta(days=3)):
        by_citizen = await centre.cancel_with(booking)
        by_staff = await centre.post(f"bookings/{booking['id']}/cancel", centre.staff, {"reason": "Kom ikke, blev syg"})

    assert (by_citizen.status_code, by_citizen.json()["type"]) == (409, "urn:kompas:problem:already-begun")
    assert by_staff.status_code == 200
    assert (by_staff.json()["cancelled_by"], by_staff.json()["cancel_reason"]) == ("staff", "Kom ikke, blev syg")
    assert (await centre.get_with(booking)).json()["cancel_reason"] is None


async def test_a_cancellation_made_on_an_old_version_is_refused(centre: Centre) -> None:
    booking = await centre.booking(await centre.resource(), TOMORROW, "09:00", "09:30")
    path = f"bookings/{booking['id']}/cancel"

    stale = await centre.post(path, centre.staff, {}, **{"if-match": '"1"'})
    fresh = await centre.post(path, centre.staff, {}, **{"if-match": '"2"'})

    assert (stale.status_code, fresh.status_code) == (412, 200)


@pytest.mark.parametrize("body", [{"reason": "x" * 501}, {"reason": 5}, {"why": "x"}, []], ids=str)
async def test_a_wrong_reason_cancels_nothing(centre: Centre, body: object) -> None:
    booking = await centre.booking(await centre.resource(), TOMORROW, "09:00", "09:30")

    answer = await centre.post(f"bookings/{booking['id']}/cancel", centre.staff, body)

    assert answer.status_code == 422
    assert (await centre.get_with(booking)).json()["state"] == "confirmed"


async def test_another_centre_finds_nothing(centre: Centre) -> None:
    booking = await centre.booking(await centre.resource(), TOMORROW, "09:00", "09:30")
    path, slagelse = f"bookings/{booking['id']}", bearer("slagelse")

    here = [
        await centre.get(path, slagelse),
        await centre.post(path + "/cancel", slagelse),
        await centre.get("bookings", slagelse),
    ]
    there = await centre.client.get(f"/booking/slagelse/{path}", headers=slagelse)
    by_link = await centre.client.get(f"/booking/slagelse/{path}", headers={"x-manage-token": booking["manage_token"]})

    assert [answer.status_code for answer in (*here, there, by_link)] == [404] * 5


async def test_who_is_not_staff_sees_no_list(centre: Centre) -> None:
    assert (await centre.get("bookings")).status_code == 401
    assert (await centre.get("bookings", centre.association(uuid4()))).status_code == 403


async def test_the_page_that_mails_link_to_runs_nothing_but_its_own_script(centre: Centre) -> None:
    answers = {name: await centre.get(name) for name in ("manage", "manage.css", "manage.js")}

    assert [answer.status_code for answer in answers.values()] == [200] * 3
    page = answers["manage"]
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["x-content-type-options"] == "nosniff"
    for directive in ("default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"):
        assert directive in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert "style=" not in page.text
    assert " on" + "click" not in page.text
    assert "Aflys tiden" in page.text
    assert (await centre.client.get("/booking/UPS/manage")).status_code == 404
