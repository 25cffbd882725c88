"""What companies promise and do."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.clock import today
from tests.service.matching.centre import CITIZEN, Centre, fields_of


async def test_a_promise_and_its_keeping_are_two_facts(centre: Centre) -> None:
    company, helped = str(uuid4()), str(uuid4())
    made = await centre.engagement(company_id=company, organisation_id=helped)

    held = await centre.post(f"engagements/{made['id']}/hold", centre.staff, {"held_on": "2023-03-15", "hours": 6})

    assert (held.status_code, held.headers["etag"], held.json()["state"]) == (200, '"2"', "held")
    agreed_fact, held_fact = await centre.stated(made["id"])
    common = {"company_id": company, "organisation_id": helped, "kind": "corporate_volunteering"}
    assert agreed_fact["data"] == common
    assert held_fact["type"] == "kompas.matching.engagement.held.v1"
    assert held_fact["data"] == common | {"held_on": "2023-03-15", "hours": 6.0}
    # Noon in Denmark, so that no reader can move it into another day.
    assert (held_fact["time"], held_fact["sequence"]) == ("2023-03-15T11:00:00Z", 2)


async def test_what_was_held_today_became_true_now_and_not_at_noon(centre: Centre) -> None:
    made = await centre.engagement()

    await centre.post(f"engagements/{made['id']}/hold", centre.staff, {"held_on": str(today())})

    _, held = await centre.stated(made["id"])
    assert held["time"] <= held["recordedtime"]
    assert "hours" not in held["data"]


async def test_it_is_held_once_also_when_two_say_so_at_once(centre: Centre) -> None:
    made = await centre.engagement()
    path, body = f"engagements/{made['id']}/hold", {"held_on": str(today())}

    answers = await asyncio.gather(*(centre.post(path, centre.staff, body) for _ in range(3)))

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert {a.json()["type"] for a in answers if a.status_code == 409} == {"urn:kompas:problem:already-held"}
    assert len(await centre.stated(made["id"])) == 2


async def test_the_same_key_holds_once_and_answers_twice(centre: Centre) -> None:
    made = await centre.engagement()
    key = {"idempotency-key": str(uuid4())}

    answers = [
        await centre.post(f"engagements/{made['id']}/hold", centre.staff, {"held_on": "2023-05-02"}, **key)
        for _ in "12"
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["held_on"]),
        ({"held_on": str(today() + timedelta(days=1))}, ["held_on"]),
        ({"held_on": "0203-03-15"}, ["held_on"]),
        ({"held_on": "2023-02-30"}, ["held_on"]),
        ({"held_on": "15-03-2023"}, ["held_on"]),
        ({"held_on": 1678838400}, ["held_on"]),
        ({"held_on": "2023-03-15", "hours": 0}, ["hours"]),
        ({"held_on": "2023-03-15", "hours": "seks"}, ["hours"]),
        ({"held_on": "2023-03-15", "hours": 100_001}, ["hours"]),
        ({"held_on": "2023-03-15", "participants": 3}, ["participants"]),
    ],
    ids=str,
)
async def test_what_is_wrong_with_a_holding_is_named(centre: Centre, body: dict[str, Any], fields: list[str]) -> None:
    made = await centre.engagement()

    assert fields_of(await centre.post(f"engagements/{made['id']}/hold", centre.staff, body)) == fields


async def test_a_company_does_not_help_itself(centre: Centre) -> None:
    company = str(uuid4())

    answer = await centre.post(
        "engagements", centre.staff, {"company_id": company, "organisation_id": company, "kind": "pro_bono"}
    )

    assert fields_of(answer) == ["organisation_id"]


async def test_engagements_are_for_the_centre_s_own_staff(centre: Centre, neighbour: Centre) -> None:
    made = await centre.engagement()
    body = {"company_id": str(uuid4()), "kind": "pro_bono"}
    path = f"engagements/{made['id']}"

    for method in ("list", "get", "agree", "hold"):
        for who, status in ((CITIZEN, 401), (centre.association(uuid4()), 403), (neighbour.staff, 404)):
            match method:
                case "list":
                    answer = await centre.get("engagements", who)
                case "get":
                    answer = await centre.get(path, who)
                case "agree":
                    answer = await centre.post("engagements", who, body)
                case _:
                    answer = await centre.post(f"{path}/hold", who, {"held_on": "2023-03-15"})
            assert answer.status_code == status, method
    assert (await neighbour.get(path, neighbour.staff)).status_code == 404
    assert (await neighbour.post(f"{path}/hold", neighbour.staff, {"held_on": "2023-03-15"})).status_code == 404


async def test_staff_list_engagements_by_company_and_state(centre: Centre) -> None:
    first, second = await centre.engagement(), await centre.engagement()
    await centre.post(f"engagements/{second['id']}/hold", centre.staff, {"held_on": "2023-03-15"})

    async def found(**query: Any) -> list[str]:
        return [each["id"] for each in (await centre.get("engagements", centre.staff, **query)).json()["items"]]

    assert await found() == [first["id"], second["id"]]
    assert await found(state="held") == await found(company_id=second["company_id"]) == [second["id"]]
