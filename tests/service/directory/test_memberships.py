"""Memberships through the door: begun once, ended once, never twice at a time."""

import asyncio
from typing import Any

import pytest
import time_machine

from tests.service.directory.centre import NOBODY, Centre, Json, fields_of, kinds


def membership(organisation: Json, **fields: Any) -> Json:
    return {"organisation_id": organisation["id"], "kind": "member", **fields}


async def test_a_membership_may_have_started_in_the_past(centre: Centre) -> None:
    cafe = await centre.organisation()

    answer = await centre.post("memberships", membership(cafe, started_on="2023-03-01"))

    made = answer.json()
    assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
    assert made == membership(cafe) | {"id": made["id"], "version": 1, "started_on": "2023-03-01", "ended_on": None}
    (fact,) = await centre.stated(made["id"])
    assert (fact["type"], fact["time"]) == ("kompas.directory.membership.started.v1", "2023-03-01T11:00:00Z")
    assert fact["data"] == {
        "organisation_id": cafe["id"], "organisation_kind": "association", "kind": "member", "started_on": "2023-03-01",
    }  # fmt: skip
    assert (await centre.get(f"memberships/{made['id']}", centre.staff)).json() == made


@time_machine.travel("2026-01-01T23:30:00Z", tick=False)
async def test_without_a_date_it_starts_today_in_denmark(centre: Centre) -> None:
    made = await centre.made("memberships", membership(await centre.organisation()))

    assert made["started_on"] == "2026-01-02"
    assert (await centre.stated(made["id"]))[0]["time"] == "2026-01-01T23:30:00Z"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"organisation_id": NOBODY}, "organisation_id"),
        ({"organisation_id": "café"}, "organisation_id"),
        ({"kind": "friend"}, "kind"),
        ({"kind": "company_friend"}, "kind"),
        ({"started_on": "9999-01-01"}, "started_on"),
        ({"started_on": "2023-02-29"}, "started_on"),
        ({"started_on": "2023-02-01T10:00:00Z"}, "started_on"),
        ({"started_on": 20230201.5}, "started_on"),
        ({"ended_on": "2023-02-01"}, "ended_on"),
    ],
)
async def test_what_is_wrong_is_named(centre: Centre, wrong: Json, field: str) -> None:
    answer = await centre.post("memberships", membership(await centre.organisation()) | wrong)

    assert (answer.status_code, fields_of(answer)) == (422, [field])


async def test_another_centres_organisation_is_not_there(centre: Centre) -> None:
    cafe = await centre.neighbour().organisation()

    answer = await centre.post("memberships", membership(cafe))

    assert (answer.status_code, fields_of(answer)) == (422, ["organisation_id"])


async def test_of_many_that_start_the_same_at_once_one_does(centre: Centre) -> None:
    firm = await centre.company()

    answers = await asyncio.gather(*(centre.post("memberships", membership(firm)) for _ in range(6)))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409, 409]
    assert {answer.json()["type"] for answer in answers if answer.status_code == 409} == {
        "urn:kompas:problem:already-member"
    }
    assert await centre.count("outbox where type like '%membership%'") == 1


async def test_memberships_of_different_kinds_stand_beside_each_other(centre: Centre) -> None:
    firm = await centre.company()

    answers = [
        await centre.post("memberships", membership(firm, kind=kind))
        for kind in ("member", "company_friend", "supporter")
    ]

    assert [answer.status_code for answer in answers] == [201, 201, 201]


async def test_one_that_ended_makes_room_for_the_next(centre: Centre) -> None:
    cafe = await centre.organisation()
    made = await centre.made("memberships", membership(cafe, started_on="2023-03-01"))

    ended = await centre.post(f"memberships/{made['id']}/end", {"ended_on": "2023-10-01"})

    assert (ended.status_code, ended.headers["etag"]) == (200, '"2"')
    assert ended.json() == made | {"ended_on": "2023-10-01", "version": 2}
    facts = await centre.stated(made["id"])
    assert kinds(facts) == [("membership.started", 1), ("membership.ended", 2)]
    assert (facts[1]["time"], facts[1]["data"]["ended_on"]) == ("2023-10-01T10:00:00Z", "2023-10-01")
    assert (await centre.post("memberships", membership(cafe))).status_code == 201


@pytest.mark.parametrize("day", ["2023-02-28", "9999-01-01"])
async def test_it_ends_neither_before_it_began_nor_in_the_future(centre: Centre, day: str) -> None:
    made = await centre.made("memberships", membership(await centre.organisation(), started_on="2023-03-01"))

    answer = await centre.post(f"memberships/{made['id']}/end", {"ended_on": day})

    assert (answer.status_code, fields_of(answer)) == (422, ["ended_on"])


async def test_it_ends_once_even_when_asked_twice_at_once(centre: Centre) -> None:
    path = f"memberships/{(await centre.made('memberships', membership(await centre.organisation())))['id']}/end"

    answers = await asyncio.gather(*(centre.post(path) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert await centre.count("outbox where type like '%membership.ended%'") == 1


async def test_ending_another_version_is_refused(centre: Centre) -> None:
    made = await centre.made("memberships", membership(await centre.organisation()))

    answer = await centre.post(f"memberships/{made['id']}/end", {}, **{"if-match": '"7"'})

    assert answer.status_code == 412


async def test_the_list_is_for_staff_and_filtered(centre: Centre) -> None:
    cafe, firm = await centre.organisation(), await centre.company()
    first = await centre.made("memberships", membership(cafe))
    second = await centre.made("memberships", membership(firm, kind="company_friend"))
    await centre.done(f"memberships/{first['id']}/end")

    async def ids(**query: Any) -> list[str]:
        return [each["id"] for each in await centre.found("memberships", centre.staff, **query)]

    assert await ids() == [first["id"], second["id"]]
    assert await ids(organisation_id=firm["id"]) == await ids(kind="company_friend") == [second["id"]]
    assert (await ids(open=True), await ids(open=False)) == ([second["id"]], [first["id"]])
