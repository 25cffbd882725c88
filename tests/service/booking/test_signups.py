"""Seats: exactly as many as there are, a queue in fair order, offers that move on, links that open one thing."""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest
import time_machine
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from services.booking.offers.job import Moving
from shared.clock import now
from tests.service.booking.centre import AMINA, CITIZEN, Centre, Json, danish, fields_of, in_days
from tests.support.people import bearer

KEPT = [
    {"key": "medlem", "text": "Du er medlem af en forening", "required": True},
    {"key": "ung", "text": "Du er under 30 år", "places": 1},
]


def person(number: int) -> Json:
    return {"name": f"Nr. {number}", "email": f"nr{number}@example.com", "language": "da"}


async def sign_up(centre: Centre, gathering: Json, who: dict[str, str] = CITIZEN, **fields: Any) -> httpx2.Response:
    return await centre.post(f"gatherings/{gathering['id']}/signups", who, {"contact": AMINA, **fields})


async def crowd(*wishes: Coroutine[Any, Any, httpx2.Response]) -> list[httpx2.Response]:
    """All at once, as far as a busy machine lets them in: four for each connection to the database."""
    door = asyncio.Semaphore(40)

    async def through(wish: Coroutine[Any, Any, httpx2.Response]) -> httpx2.Response:
        async with door:
            return await wish

    return await asyncio.gather(*(through(wish) for wish in wishes))


async def signed_up(centre: Centre, gathering: Json, **fields: Any) -> Json:
    answer = await sign_up(centre, gathering, **fields)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def with_link(centre: Centre, signup: Json, action: str = "") -> httpx2.Response:
    path, token = f"signups/{signup['id']}", {"x-manage-token": signup["manage_token"]}
    return await (centre.post(f"{path}/{action}", token) if action else centre.get(path, token))


async def state(centre: Centre, signup: Json) -> str:
    return str((await with_link(centre, signup)).json()["state"])


async def types(centre: Centre, signup: Json) -> list[str]:
    return [fact["type"].split(".")[3] for fact in await centre.stated(signup["id"])]


async def test_of_a_hundred_who_want_one_of_fourteen_seats_fourteen_get_one_and_the_rest_wait_in_order(
    centre: Centre,
) -> None:
    course = await centre.gathering(kind="course", topic="ledelse", capacity=14)
    other = await centre.gathering(kind="workshop", topic="ledelse", title="Det næste hold")

    answers = await crowd(*(sign_up(centre, course, contact=person(n)) for n in range(100)))

    assert {answer.status_code for answer in answers} == {201}
    made = [answer.json() for answer in answers]
    assert Counter(signup["state"] for signup in made) == {"confirmed": 14, "waitlisted": 86}
    waiting = [signup for signup in made if signup["state"] == "waitlisted"]
    assert sorted(signup["position"] for signup in waiting) == list(range(1, 87))
    assert {signup["alternatives"][0]["id"] for signup in waiting} == {other["id"]}
    assert (await centre.get(f"gatherings/{course['id']}/seats")).json() == {
        "capacity": 14, "free": 0, "kept": [], "waiting": 86,
    }  # fmt: skip


async def test_of_a_hundred_who_will_not_wait_one_gets_the_last_seat_and_the_others_learn_what_else_there_is(
    centre: Centre,
) -> None:
    course = await centre.gathering(kind="course", capacity=2)
    other = await centre.gathering(kind="course", series="ledelse", title="Det næste hold")
    await signed_up(centre, course)

    answers = await crowd(*(sign_up(centre, course, waiting_list=False) for _ in range(100)))

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 99}
    lost = next(answer.json() for answer in answers if answer.status_code == 409)
    assert (lost["type"], [each["id"] for each in lost["alternatives"]]) == (
        "urn:kompas:problem:gathering-full", [other["id"]],
    )  # fmt: skip


@pytest.mark.parametrize("seat", [1, 3, 0], ids=["taken", "beyond the last", "none at all"])
async def test_the_database_itself_gives_no_seat_twice_and_none_that_is_not_there(centre: Centre, seat: int) -> None:
    gathering = await centre.gathering(capacity=2)
    first = await signed_up(centre, gathering)
    copied = (
        "insert into signups select (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(), 'seat',"
        " cast(:seat as int)))).* from signups s where id = :id"
    )

    with pytest.raises(IntegrityError):
        async with centre.database.transaction(centre.tenant) as session:
            await (await session.connection()).execute(text(copied), {"seat": seat, "id": first["id"]})


async def test_a_seat_given_back_is_offered_in_order_and_moves_on_when_nobody_takes_it(centre: Centre) -> None:
    gathering = await centre.gathering(capacity=1)
    holder, second, third = [await signed_up(centre, gathering) for _ in range(3)]

    assert (await with_link(centre, holder, "cancel")).json()["state"] == "cancelled"
    assert [await state(centre, each) for each in (second, third)] == ["offered", "waitlisted"]
    # The seat is held: whoever comes now waits.
    fourth = await signed_up(centre, gathering)
    assert (fourth["state"], fourth["position"]) == ("waitlisted", 2)

    until = datetime.fromisoformat((await with_link(centre, second)).json()["offer_until"])
    assert until - now() > timedelta(hours=23)
    with time_machine.travel(until, tick=False):
        late = await with_link(centre, second, "accept")
        await Moving(centre.database).round()
    assert (late.status_code, late.json()["type"]) == (409, "urn:kompas:problem:offer-expired")
    assert [await state(centre, each) for each in (second, third, fourth)] == ["cancelled", "offered", "waitlisted"]
    assert await types(centre, second) == ["waitlisted", "offered", "cancelled"]
    assert (await centre.stated(second["id"]))[-1]["data"]["ended_by"] == "offer_expired"


async def test_two_clicks_take_one_seat(centre: Centre) -> None:
    gathering = await centre.gathering(capacity=1)
    holder, second, third = [await signed_up(centre, gathering) for _ in range(3)]
    await with_link(centre, holder, "cancel")

    clicks = await asyncio.gather(*(with_link(centre, second, "accept") for _ in range(5)))
    early = await with_link(centre, third, "accept")

    assert {(click.status_code, click.json()["state"]) for click in clicks} == {(200, "confirmed")}
    assert await types(centre, second) == ["waitlisted", "offered", "confirmed"]
    assert (early.status_code, early.json()["type"]) == (409, "urn:kompas:problem:nothing-offered")


async def test_whoever_declines_lets_the_next_have_the_offer(centre: Centre) -> None:
    gathering = await centre.gathering(capacity=1)
    holder, second, third = [await signed_up(centre, gathering) for _ in range(3)]
    await with_link(centre, holder, "cancel")

    await with_link(centre, second, "cancel")

    assert [await state(centre, each) for each in (second, third)] == ["cancelled", "offered"]


async def test_kept_places_wait_for_those_they_are_kept_for(centre: Centre) -> None:
    gathering = await centre.gathering(capacity=2, criteria=KEPT)

    refused = await sign_up(centre, gathering, meets=["ung"])
    older, waiting = [await signed_up(centre, gathering, meets=["medlem"]) for _ in range(2)]
    seats = (await centre.get(f"gatherings/{gathering['id']}/seats")).json()
    young = await signed_up(centre, gathering, meets=["medlem", "ung"])

    assert (refused.status_code, fields_of(refused)) == (422, ["meets"])
    assert [each["state"] for each in (older, waiting, young)] == ["confirmed", "waitlisted", "confirmed"]
    assert (seats["free"], seats["kept"]) == (0, [{"key": "ung", "text": "Du er under 30 år", "free": 1}])
    # The kept seat, given back, is not for who does not meet what it is kept for.
    await with_link(centre, young, "cancel")
    assert await state(centre, waiting) == "waitlisted"


async def test_a_larger_room_is_offered_to_those_who_wait_and_a_smaller_one_turns_nobody_out(centre: Centre) -> None:
    gathering = await centre.gathering(capacity=3)
    path = f"gatherings/{gathering['id']}"
    first, second, third, fourth = [await signed_up(centre, gathering) for _ in range(4)]
    await with_link(centre, first, "cancel")
    await with_link(centre, fourth, "cancel")

    smaller = await centre.call("PATCH", path, centre.staff, {"capacity": 1})
    fitting = await centre.call("PATCH", path, centre.staff, {"capacity": 2})
    waiting = await signed_up(centre, gathering)
    larger = await centre.call("PATCH", path, centre.staff, {"capacity": 4})
    endless = await centre.call("PATCH", path, centre.staff, {"capacity": None})

    assert (smaller.status_code, fields_of(smaller)) == (422, ["capacity"])
    assert [answer.status_code for answer in (fitting, larger, endless)] == [200, 200, 200]
    assert [await state(centre, each) for each in (second, third, waiting)] == ["confirmed", "confirmed", "offered"]
    assert (await signed_up(centre, gathering))["state"] == "confirmed"
    with time_machine.travel(now() + timedelta(days=2)):
        await Moving(centre.database).round()
    assert await state(centre, waiting) == "cancelled"
    back = await centre.call("PATCH", path, centre.staff, {"capacity": 4})
    assert back.status_code == 200
    assert [(await signed_up(centre, gathering))["state"] for _ in range(2)] == ["confirmed", "waitlisted"]


async def test_a_gathering_without_a_queue_says_that_it_is_full(centre: Centre) -> None:
    gathering = await centre.gathering(capacity=1, waiting_list=False, kind="bus_run")
    await signed_up(centre, gathering)

    full = await sign_up(centre, gathering)

    assert (full.status_code, full.json()["alternatives"]) == (409, [])


async def test_a_link_opens_one_sign_up_and_nothing_else(centre: Centre) -> None:
    gathering = await centre.gathering(capacity=5)
    mine, theirs = await signed_up(centre, gathering), await signed_up(centre, gathering)
    booked = await centre.booking(await centre.resource(), in_days(1), "09:00", "09:30")

    for id, token in ((theirs["id"], mine["manage_token"]), (mine["id"], booked["manage_token"]), (mine["id"], "x")):
        for method, path in (("GET", ""), ("POST", "/cancel"), ("POST", "/accept")):
            answer = await centre.call(method, f"signups/{id}{path}", {"x-manage-token": token})
            assert answer.status_code == 404
    other = await centre.get(f"bookings/{booked['id']}", {"x-manage-token": mine["manage_token"]})
    assert other.status_code == 404
    assert (await centre.get(f"signups/{mine['id']}")).status_code == 401
    assert (await centre.get(f"gatherings/{gathering['id']}/signups")).status_code == 401


async def test_only_staff_see_who_has_signed_up(centre: Centre) -> None:
    gathering = await centre.gathering()
    mine = await signed_up(centre, gathering)

    seen = (await with_link(centre, mine)).json()
    listed = (await centre.get(f"gatherings/{gathering['id']}/signups", centre.staff)).json()["items"]

    assert (seen["contact"], seen["gathering"]["title"]) == (None, gathering["title"])
    assert [(each["id"], each["contact"]["name"]) for each in listed] == [(mine["id"], AMINA["name"])]
    stranger = await centre.get(f"gatherings/{gathering['id']}/signups", bearer("slagelse"))
    assert stranger.status_code == 404


async def test_internal_gatherings_take_nobody_from_outside(centre: Centre) -> None:
    gathering = await centre.gathering(internal=True, kind="committee_meeting")

    assert (await sign_up(centre, gathering)).status_code == 404
    assert (await centre.get(f"gatherings/{gathering['id']}/seats")).status_code == 404
    inside = await sign_up(centre, gathering, centre.staff)
    assert (inside.status_code, inside.json()["channel"]) == (201, "assisted")
    [shared] = await centre.stated((await centre.stated(inside.json()["id"]))[0]["data"]["contact_id"])
    assert "about" not in shared["data"]


async def test_what_is_called_off_sends_everybody_home_and_tells_them(centre: Centre) -> None:
    gathering = await centre.gathering(capacity=1)
    holder, waiting = await signed_up(centre, gathering), await signed_up(centre, gathering)

    await centre.post(f"gatherings/{gathering['id']}/cancel", centre.staff, {"reason": "For få"})

    assert [await state(centre, each) for each in (holder, waiting)] == ["cancelled", "cancelled"]
    assert (await centre.stated(holder["id"]))[-1]["data"]["ended_by"] == "gathering_cancelled"
    assert (await sign_up(centre, gathering)).status_code == 409


async def test_what_is_moved_is_told_to_all_who_signed_up_and_only_then(centre: Centre) -> None:
    gathering = await centre.gathering(capacity=1)
    path = f"gatherings/{gathering['id']}"
    holder, waiting = await signed_up(centre, gathering), await signed_up(centre, gathering)

    await centre.call("PATCH", path, centre.staff, {"title": "Ny titel"})
    moved = await centre.call(
        "PATCH",
        path,
        centre.staff,
        {"starts_at": danish(in_days(21), "17:00"), "ends_at": danish(in_days(21), "19:00")},
    )

    assert moved.status_code == 200
    assert [await types(centre, each) for each in (holder, waiting)] == [
        ["confirmed", "rescheduled"], ["waitlisted", "rescheduled"],
    ]  # fmt: skip
    assert (await centre.stated(holder["id"]))[-1]["data"]["starts_at"] == moved.json()["starts_at"]


async def test_contact_details_travel_with_the_link_and_no_fact_knows_a_person(centre: Centre) -> None:
    gathering = await centre.gathering(topic="ledelse", locality="Vollsmose")
    signup = await signed_up(centre, gathering)

    [fact] = await centre.stated(signup["id"])
    [shared] = await centre.stated(fact["data"]["contact_id"])

    assert shared["data"] == {
        **AMINA, "phone": "+4520123456", "about": gathering["title"],
        "manage_url": f"https://kompas.example/booking/{centre.tenant}/seat#{signup['id']}.{signup['manage_token']}",
    }  # fmt: skip
    assert fact["data"] == {
        "gathering_id": gathering["id"], "kind": "dialogue_meeting", "topic": "ledelse", "internal": False,
        "revision": 0, "invited": False,
        "locality": "Vollsmose", "starts_at": gathering["starts_at"], "ends_at": gathering["ends_at"],
        "channel": "self", "contact_id": fact["data"]["contact_id"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"contact": None}, "contact"),
        ({"contact": {"name": "Åse", "email": "åse"}}, "contact.email"),
        ({"channel": "assisted"}, "channel"),
        ({"meets": ["ung"]}, "meets[0]"),
        ({"invited": True}, "invited"),
        ({"seat": 7}, "seat"),
    ],
)
async def test_a_wrong_field_is_named(centre: Centre, changed: dict[str, Any], field: str) -> None:
    answer = await sign_up(centre, await centre.gathering(), **changed)

    assert (answer.status_code, fields_of(answer)) == (422, [field])


async def test_nobody_signs_up_or_cancels_when_it_has_begun_but_staff_do(centre: Centre) -> None:
    gathering = await centre.gathering()
    early = await signed_up(centre, gathering)

    with time_machine.travel(danish(in_days(20), "17:30"), tick=False):
        citizen = await sign_up(centre, gathering)
        regret = await with_link(centre, early, "cancel")
        staff = await sign_up(centre, gathering, centre.staff, contact=None)

    assert [answer.status_code for answer in (citizen, regret, staff)] == [409, 409, 201]


async def test_drop_in_is_without_sign_up_and_so_is_what_nobody_knows(centre: Centre) -> None:
    drop_in = await sign_up(centre, await centre.gathering(admission="drop_in"))
    unknown = await sign_up(centre, {"id": str(uuid4())})

    assert (drop_in.status_code, drop_in.json()["type"]) == (409, "urn:kompas:problem:no-signup")
    assert unknown.status_code == 404


async def test_the_same_request_again_takes_no_second_seat(centre: Centre) -> None:
    gathering = await centre.gathering(capacity=2)
    path, key = f"gatherings/{gathering['id']}/signups", {"idempotency-key": str(uuid4())}

    first, again = [await centre.post(path, CITIZEN, {"contact": AMINA}, **key) for _ in range(2)]

    assert first.json() == again.json()
    assert (await centre.get(f"gatherings/{gathering['id']}/seats")).json()["free"] == 1


async def test_the_roll_is_called_or_heads_are_counted(centre: Centre) -> None:
    times = {"starts_at": danish(in_days(-9), "17:00"), "ends_at": danish(in_days(-9), "19:00")}
    gathering = await centre.gathering(**times)
    path = f"gatherings/{gathering['id']}"
    came, stayed = [(await sign_up(centre, gathering, centre.staff)).json() for _ in range(2)]

    both = await centre.post(f"{path}/attendance", centre.staff, {"participants": 3, "present": []})
    strange = await centre.post(f"{path}/attendance", centre.staff, {"present": [str(uuid4())]})
    listed = await centre.post(f"{path}/attendance", centre.staff, {"present": [came["id"]], "others": 2})
    other = await centre.post(f"{path}/hold", centre.staff, {"participants": 4})
    held = await centre.post(f"{path}/hold", centre.staff, {})

    assert [fields_of(answer) for answer in (both, strange, other)] == [["body"], ["present[0]"], ["participants"]]
    assert (listed.json()["attended"], listed.json()["counted_by"], held.json()["participants"]) == (3, "list", 3)
    roll = (await centre.get(f"{path}/signups", centre.staff)).json()["items"]
    assert {each["id"]: each["attended"] for each in roll} == {came["id"]: True, stayed["id"]: False}
    recorded, told = (await centre.stated(gathering["id"]))[1:]
    assert (recorded["type"], recorded["data"]["participants"]) == ("kompas.booking.attendance.recorded.v1", 3)
    assert (recorded["data"]["counted_by"], told["data"]["participants"]) == ("list", 3)


async def test_a_mere_count_names_nobody(centre: Centre) -> None:
    gathering = await centre.gathering(
        starts_at=danish(in_days(-9), "17:00"), ends_at=danish(in_days(-9), "19:00"), admission="drop_in"
    )
    path = f"gatherings/{gathering['id']}/attendance"

    counted = await centre.post(path, centre.staff, {"participants": 40})
    early = await centre.post(
        f"gatherings/{(await centre.gathering())['id']}/attendance", centre.staff, {"participants": 1}
    )

    assert (counted.json()["attended"], counted.json()["counted_by"]) == (40, "count")
    assert fields_of(early) == ["starts_at"]
    assert (await centre.post(path, CITIZEN, {"participants": 1})).status_code == 401


async def test_the_page_of_a_seat_is_whole_and_runs_nothing_from_elsewhere(centre: Centre) -> None:
    page, script = await centre.get("seat"), await centre.get("seat.js")

    assert (page.status_code, script.status_code) == (200, 200)
    assert "default-src 'none'" in page.headers["content-security-policy"]
