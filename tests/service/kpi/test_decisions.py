"""A person decides otherwise than the counter: both stay visible, and the counter gets the word back."""

import asyncio
from uuid import uuid4

import pytest

from tests.service.kpi.centre import CITIZEN, Centre

STATUS = "plans/odense-2023/goals/A.1/status"
REASON = "Samtalerne blev ført i et andet system til og med marts."


async def test_a_decision_stands_beside_what_the_counter_proposes(centre: Centre) -> None:
    before = await centre.goal("A.1")

    answer = await centre.post(STATUS, {"result": "mostly_reached", "reason": REASON})

    assert answer.status_code == 201, answer.text
    goal = await centre.goal("A.1")
    assert goal == answer.json()
    assert (goal["result"], goal["result_reason"], goal["result_reason_en"]) == ("mostly_reached", REASON, REASON)
    assert goal["proposed"] == before["proposed"]
    assert (goal["proposed"]["result"], goal["proposed"]["result_reason"]) == (
        "not_started",
        "Der er ikke noget at måle på endnu.",
    )
    assert goal["decision"].pop("decided_at").endswith("Z")
    assert goal["decision"] == {"result": "mostly_reached", "time": None, "reason": REASON, "decided_role": "staff"}


async def test_what_is_not_decided_stays_the_counters(centre: Centre) -> None:
    await centre.post(STATUS, {"time": "on_time", "reason": REASON})

    goal = await centre.goal("A.1")

    assert (goal["time"], goal["time_reason"]) == ("on_time", REASON)
    assert (goal["result"], goal["proposed"]["time"]) == ("not_started", "late")


async def test_a_decision_about_this_years_plan_leaves_last_years_alone(centre: Centre) -> None:
    await centre.post(STATUS, {"result": "reached", "reason": REASON})

    others = [goal for goal in (await centre.get("plans/odense-2023/goals"))["items"] if goal["decision"]]

    assert [goal["id"] for goal in others] == ["A.1"]


async def test_the_newest_decision_stands_and_those_before_it_are_kept(centre: Centre) -> None:
    answers = await asyncio.gather(
        *(centre.post(STATUS, {"result": result, "reason": REASON}) for result in ("reached", "not_reached", "changed"))
    )

    rows = await centre.rows("select withdrawn_at from decisions where tenant = :tenant")

    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert sorted(row.withdrawn_at is None for row in rows) == [False, False, True]


async def test_a_decision_is_a_fact_that_the_next_one_and_taking_it_back_withdraw(centre: Centre) -> None:
    await centre.post(STATUS, {"result": "reached", "reason": REASON})
    await centre.post(STATUS, {"time": "late", "reason": REASON})
    await centre.client.delete(f"/kpi/{centre.tenant}/{STATUS}", headers=centre.staff)

    told = [each for each in await centre.envelopes() if ".status." in each.type]

    goal = {"plan": "odense-2023", "goal": "A.1"}
    assert [(each.type.split(".")[3], each.sequence, each.data) for each in told] == [
        ("set", 1, goal | {"result": "reached"}),
        ("withdrawn", 2, goal),
        ("set", 1, goal | {"time": "late"}),
        ("withdrawn", 2, goal),
    ]
    assert [each.subject for each in told[:2]] == [told[0].subject] * 2 != [each.subject for each in told[2:]]
    assert all("Samtalerne" not in each.to_bytes().decode() for each in told)


async def test_a_decision_taken_back_leaves_the_goal_to_the_counter(centre: Centre) -> None:
    before = await centre.goal("A.1")
    await centre.post(STATUS, {"result": "reached", "reason": REASON})

    answer = await centre.client.delete(f"/kpi/{centre.tenant}/{STATUS}", headers=centre.staff)
    again = await centre.client.delete(f"/kpi/{centre.tenant}/{STATUS}", headers=centre.staff)

    assert (answer.status_code, answer.json()) == (200, before)
    assert again.status_code == 404


async def test_only_staff_decide(centre: Centre) -> None:
    body = {"result": "reached", "reason": REASON}

    anybody = await centre.post(STATUS, body, who=CITIZEN)
    association = await centre.post(STATUS, body, who=centre.association(uuid4()))

    assert (anybody.status_code, association.status_code) == (401, 403)


@pytest.mark.parametrize(
    "body",
    [
        {"result": "reached"},
        {"reason": REASON},
        {"result": "green", "reason": REASON},
        {"time": "on_time", "reason": " "},
    ],
    ids=["no reason", "nothing decided", "a colour", "an empty reason"],
)
async def test_a_decision_says_what_and_why(centre: Centre, body: dict[str, str]) -> None:
    answer = await centre.post(STATUS, body)

    assert answer.status_code == 422


async def test_a_goal_that_does_not_exist_cannot_be_decided(centre: Centre) -> None:
    answer = await centre.post("plans/odense-2023/goals/X.9/status", {"result": "reached", "reason": REASON})

    assert answer.status_code == 404
