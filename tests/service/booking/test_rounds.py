"""Sharing a season, asked of the API: wishes, collisions, a preview, one decision and a public account of it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine

from services.booking.rounds import deciding, usecases
from shared.clock import DANISH
from tests.service.booking.centre import AMINA, CITIZEN, Centre, Json, fields_of, together

WISHING, AFTERWARDS = "2026-11-23T09:00:00Z", "2026-12-16T09:00:00Z"
NOTE = "Vi er mange med gangbesvær 🌻"
# Four Mondays of 2027, weeks 1 to 4.
SEASON = {"season_from": "2027-01-04", "season_until": "2027-01-31", "wishes_until": "2026-12-15"}
KOR, SKAK = UUID(int=1), UUID(int=2)


async def hall(centre: Centre, **fields: Any) -> Json:
    return await centre.resource(**{"kind": "room", "name": "Salen", "slot_minutes": 60, "capacity": 60, **fields})


async def a_round(centre: Centre, *places: Json, **fields: Any) -> Json:
    body = {"name": "Foråret 2027", "resource_ids": [each["id"] for each in places], **SEASON, **fields}
    answer = await centre.post("rounds", centre.staff, body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def mondays(**fields: Any) -> Json:
    return {"weekday": 0, "from": "10:00", "to": "12:00", "note": NOTE, "participants": 20, **fields}


async def wish(centre: Centre, made: Json, who: UUID, **fields: Any) -> Json:
    answer = await centre.post(f"rounds/{made['id']}/wishes", centre.association(who), mondays(**fields))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def given(account: Json) -> dict[UUID, float]:
    return {UUID(each["organisation_id"]): each["hours_given"] for each in account["associations"]}


async def test_two_who_wish_the_same_see_it_and_are_given_half_each_by_a_public_account(centre: Centre) -> None:
    with time_machine.travel(WISHING):
        salen = await hall(centre)
        made = await a_round(centre, salen)
        kor = await wish(centre, made, KOR, contact=AMINA)
        skak = await wish(centre, made, SKAK)
        seen = await centre.get(f"rounds/{made['id']}/collisions", centre.association(SKAK))
        early = await centre.post(f"rounds/{made['id']}/decide", centre.staff)
        private = await centre.get(f"rounds/{made['id']}/account")
    with time_machine.travel(AFTERWARDS):
        preview = await centre.get(f"rounds/{made['id']}/preview", centre.staff)
        nothing = (await centre.get("bookings", centre.staff)).json()["items"]
        decided = await centre.post(f"rounds/{made['id']}/decide", centre.staff)
        again = await centre.post(f"rounds/{made['id']}/decide", centre.staff)
        account = await centre.get(f"rounds/{made['id']}/account", CITIZEN, headers={})

    [collision] = seen.json()["items"]
    assert ({each["id"] for each in collision["wishes"]}, collision["times"]) == ({kor["id"], skak["id"]}, 4)
    assert "Vi er mange" not in seen.text
    assert (early.json()["type"], early.status_code) == ("urn:kompas:problem:wishes-are-open", 409)
    assert (private.json()["type"], private.status_code) == ("urn:kompas:problem:not-decided", 409)
    assert nothing == []
    assert given(preview.json()) == given(decided.json()) == {KOR: 4, SKAK: 4}
    assert preview.json()["associations"] == decided.json()["associations"]
    assert again.json() == decided.json() == account.json()
    assert (account.json()["hours_wished"], account.json()["round"]["seed"]) == (16, made["seed"])
    assert "lodtrækning" in account.json()["round"]["rule_in_words"]["da"]
    assert not any(secret in account.text for secret in ("Amina", "Vi er mange", "participants", "series_ids"))
    reasons = [time["reason"] for share in account.json()["associations"] for time in share["wishes"][0]["times"]]
    assert sorted(reasons, key=str) == [None] * 4 + ["taken-in-round"] * 4

    bookings = (await centre.get("bookings", centre.staff)).json()["items"]
    walls = {f"{datetime.fromisoformat(each['starts_at']).astimezone(DANISH):%a %H:%M}" for each in bookings}
    assert (len(bookings), walls, {each["state"] for each in bookings}) == (4, {"Mon 10:00"}, {"confirmed"})
    [mine] = (await centre.get(f"rounds/{made['id']}/wishes", centre.association(KOR))).json()["items"]
    assert mine["note"] == NOTE
    series = (await centre.get(f"series/{mine['series_ids'][0]}", centre.staff)).json()
    assert (series["booked"], series["refused"], series["channel"]) == (2, 2, "self")
    facts = await centre.stated(series["id"])
    assert [(fact["type"], fact["data"]["booked"]) for fact in facts] == [("kompas.booking.series.decided.v1", 2)]
    [shared] = await centre.stated(facts[0]["data"]["contact_id"])
    assert f"#series.{series['id']}." in shared["data"]["manage_url"]


async def test_what_somebody_gives_back_is_offered_to_whom_the_round_refused_it(centre: Centre) -> None:
    with time_machine.travel(WISHING):
        made = await a_round(centre, await hall(centre))
        for who in (KOR, SKAK):
            await wish(centre, made, who)
    with time_machine.travel(AFTERWARDS):
        account = (await centre.post(f"rounds/{made['id']}/decide", centre.staff)).json()
        wishes = (await centre.get(f"rounds/{made['id']}/wishes", centre.staff)).json()["items"]
        first, other = (each["series_ids"][0] for each in wishes)
        whole = (await centre.get(f"series/{first}", centre.staff)).json()
        booked = next(each for each in whole["occurrences"] if each["booking_id"])
        await centre.post(f"bookings/{booked['booking_id']}/cancel", centre.staff)
        waiting = (await centre.get(f"series/{other}", centre.staff)).json()["occurrences"]

    assert account["hours_given"] == 8
    [offered] = [each for each in waiting if each["offer"]]
    assert (offered["starts_at"], offered["reason"]) == (booked["starts_at"], "taken-in-round")


async def test_what_is_booked_or_closed_already_keeps_its_reason_and_a_second_choice_is_taken(centre: Centre) -> None:
    with time_machine.travel(WISHING):
        salen, closes = await hall(centre), [{"first_day": "2027-01-18", "last_day": "2027-01-18"}]
        small = await hall(centre, name="Lille", capacity=10)
        stuen = await hall(centre, name="Stuen", closures=closes)
        made = await a_round(centre, salen, small, stuen)
        await centre.booking(salen, date(2027, 1, 11), "11:00", "12:00")
        await centre.booking(salen, date(2027, 1, 18), "11:00", "12:00")
        chosen = await wish(centre, made, KOR, resource_ids=[salen["id"], stuen["id"]])
        roomy = await wish(centre, made, SKAK, seats=50, rule="FREQ=WEEKLY", first_day="2027-01-12", weekday=None)
    with time_machine.travel(AFTERWARDS):
        account = (await centre.post(f"rounds/{made['id']}/decide", centre.staff)).json()

    outcome = {
        wish["id"]: [(each["resource_id"], each["reason"]) for each in wish["times"]]
        for share in account["associations"]
        for wish in share["wishes"]
    }
    assert outcome[chosen["id"]] == [
        (salen["id"], None),
        (stuen["id"], None),
        (None, "slot-taken"),
        (salen["id"], None),
    ]
    assert outcome[roomy["id"]] == [(salen["id"], None)] * 3
    assert {each["resource_id"] for each in (await centre.get("series", centre.staff)).json()["items"]} == {
        salen["id"],
        stuen["id"],
    }


async def test_wishes_are_changed_and_withdrawn_by_their_own_until_the_last_day(centre: Centre) -> None:
    with time_machine.travel(WISHING):
        made = await a_round(centre, await hall(centre))
        path = f"rounds/{made['id']}/wishes"
        mine = await wish(centre, made, KOR)
        one = f"{path}/{mine['id']}"
        foreign = await centre.call("PUT", one, centre.association(SKAK), mondays())
        changed = await centre.call("PUT", one, centre.association(KOR), mondays(weeks="odd", priority=2))
        stale = await centre.call("DELETE", one, centre.association(KOR), headers={"if-match": '"1"'})
        helped = await centre.post(path, centre.staff, mondays(organisation_id=str(SKAK)))
        nobody = await centre.post(path, centre.staff, mondays())
        others = (await centre.get(path, centre.association(SKAK))).json()["items"]
        gone = await centre.call("DELETE", f"{path}/{helped.json()['id']}", centre.association(SKAK))
    with time_machine.travel(AFTERWARDS):
        late = await centre.call("DELETE", one, centre.association(KOR))
        account = (await centre.post(f"rounds/{made['id']}/decide", centre.staff)).json()

    assert (foreign.status_code, stale.status_code, gone.status_code) == (403, 412, 204)
    assert (changed.status_code, changed.json()["version"], changed.json()["weeks"]) == (200, 2, "odd")
    assert (helped.status_code, helped.json()["channel"]) == (201, "assisted")
    assert fields_of(nobody) == ["organisation_id"]
    assert [each["id"] for each in others] == [helped.json()["id"]]
    assert (late.status_code, late.json()["type"]) == (409, "urn:kompas:problem:wishes-are-over")
    [share] = account["associations"]
    assert [each["starts_at"][:10] for each in share["wishes"][0]["times"]] == ["2027-01-04", "2027-01-18"]


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"weekday": None}, "body"),
        ({"rule": "FREQ=WEEKLY"}, "body"),
        ({"weekday": None, "rule": "hver mandag", "first_day": "2027-01-04"}, "rule"),
        ({"weekday": None, "rule": "FREQ=WEEKLY;COUNT=9", "first_day": "2027-01-04"}, "rule"),
        ({"weekday": None, "rule": "FREQ=WEEKLY", "first_day": "2027-02-04"}, "first_day"),
        ({"to": "09:00"}, "to"),
        ({"seats": 61}, "seats"),
        ({"features": ["hearing_loop"]}, "seats"),
        ({"resource_ids": [str(uuid4())]}, "resource_ids"),
    ],
)
async def test_a_wish_that_cannot_be_meant_is_named(centre: Centre, fields: Json, named: str) -> None:
    with time_machine.travel(WISHING):
        made = await a_round(centre, await hall(centre))
        answer = await centre.post(f"rounds/{made['id']}/wishes", centre.association(KOR), mondays(**fields))

    assert (answer.status_code, fields_of(answer)) == (422, [named])


async def test_rounds_are_for_rooms_before_a_season(centre: Centre) -> None:
    with time_machine.travel(WISHING):
        talk, salen = await centre.resource(), await hall(centre)
        body = {"name": "x", "resource_ids": [salen["id"]], **SEASON}
        wrong = [
            await centre.post("rounds", centre.staff, body | change)
            for change in (
                {"resource_ids": [talk["id"]]},
                {"resource_ids": [str(uuid4())]},
                {"season_until": "2027-01-01"},
                {"wishes_until": "2027-01-04"},
                {"wishes_until": "2026-11-01"},
            )
        ]
        by_association = await centre.post("rounds", centre.association(KOR), body)

    fields = ["resource_ids", "resource_ids", "season_until", "wishes_until", "wishes_until"]
    assert [fields_of(each) for each in wrong] == [[each] for each in fields]
    assert by_association.status_code == 403


async def test_whoever_is_forgotten_leaves_no_note(centre: Centre) -> None:
    with time_machine.travel(WISHING):
        made = await a_round(centre, await hall(centre))
        await wish(centre, made, KOR, contact=AMINA)
        [found] = (await centre.post("contacts/find", centre.staff, {"email": AMINA["email"]})).json()["items"]
        kept = (await centre.get(f"contacts/{found}", centre.staff)).json()
        erased = await centre.call("DELETE", f"contacts/{found}", centre.staff)
        [left] = (await centre.get(f"rounds/{made['id']}/wishes", centre.staff)).json()["items"]

    assert [each["note"] for each in kept["wishes"]] == [NOTE]
    assert (erased.status_code, left["note"]) == (204, None)


async def test_after_a_crash_nothing_has_happened_and_two_who_decide_at_once_decide_once(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(WISHING):
        made = await a_round(centre, await hall(centre))
        for who in (KOR, SKAK):
            await wish(centre, made, who)
    done, path = list[None](), f"rounds/{made['id']}/decide"

    async def crash_at_the_second(*given: Any) -> None:
        if done:
            raise RuntimeError
        done.append(await deciding.carry_out(*given))  # type: ignore[func-returns-value]

    with time_machine.travel(AFTERWARDS):
        with monkeypatch.context() as patched:
            patched.setattr(usecases, "carry_out", crash_at_the_second)
            crashed = await centre.post(path, centre.staff)
        nothing = (await centre.get("series", centre.staff)).json()["items"]
        both = await together(centre.post(path, centre.staff) for _ in range(2))
        bookings = (await centre.get("bookings", centre.staff)).json()["items"]

    assert (crashed.status_code, len(done), nothing) == (500, 1, [])
    assert [each.status_code for each in both] == [200, 200]
    assert both[0].json() == both[1].json()
    assert len(bookings) == 4
