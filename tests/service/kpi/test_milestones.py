"""Steps that staff declare taken: reached, in time or late by the day, and un-reached again with a reason."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest
import pytest_asyncio

from shared.clock import today
from shared.events.kpi import MilestoneReached, MilestoneRetracted
from tests.service.kpi.centre import CITIZEN, Centre, Json
from tests.service.kpi.steps import STEPS, go_by_steps
from tests.support.people import bearer, fresh_tenant

STEP = {"plan": STEPS, "goal": "1.1", "reached_on": "2023-06-14"}


@pytest_asyncio.fixture(loop_scope="session")
async def town(centre: Centre) -> Centre:
    """A centre that goes by the plan of steps too."""
    await go_by_steps(centre.database, centre.tenant)
    return centre


async def reached(town: Centre, **changes: Any) -> Json:
    answer = await town.post("milestones", STEP | changes)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def stands(town: Centre, goal: str = "1.1") -> tuple[float | None, str, str]:
    await town.count_own_facts()
    found = await town.goal(goal, STEPS)
    return found["value"], found["result"], found["time"]


async def test_a_step_is_kept_and_told_without_its_evidence(town: Centre) -> None:
    milestone = await reached(town, evidence="referat-2023-06-14.pdf, side 2")

    assert milestone["evidence"] == "referat-2023-06-14.pdf, side 2"
    [told] = [each for each in await town.envelopes() if each.type == MilestoneReached.TYPE]
    assert told.data == {"plan": STEPS, "goal": "1.1", "reached_on": "2023-06-14"}
    assert (told.subject, str(told.time)) == (milestone["id"], "2023-06-14 10:00:00+00:00")
    shown = await town.get(f"milestones/{milestone['id']}", town.staff)
    assert shown == milestone


@pytest.mark.parametrize(
    ("day", "time"),
    [
        ("2022-11-01", "on_time"),
        ("2023-06-30", "on_time"),
        ("2023-07-01", "slightly_late"),
        ("2023-09-29", "slightly_late"),
        ("2023-09-30", "late"),
        ("2024-02-01", "late"),
    ],
)
async def test_the_day_says_whether_it_was_in_time(town: Centre, day: str, time: str) -> None:
    before = await stands(town)

    await reached(town, reached_on=day)

    assert before[:2] == (0, "not_started")
    assert await stands(town) == (1, "reached", time)
    assert (await stands(town, "1.2"))[0] == 0


async def test_what_was_wrong_is_taken_back_and_can_be_declared_anew(town: Centre) -> None:
    wrong = await reached(town)
    assert (await stands(town))[0] == 1

    answer = await town.post(f"milestones/{wrong['id']}/retract", {"reason": "Det var et udkast"})
    twice = await town.post(f"milestones/{wrong['id']}/retract", {"reason": "Igen"})
    unreached = await stands(town)
    await reached(town, reached_on="2023-08-01")

    assert (answer.status_code, answer.json()["retract_reason"]) == (200, "Det var et udkast")
    assert (twice.status_code, unreached[0]) == (409, 0)
    assert await stands(town) == (1, "reached", "slightly_late")
    told = [event for event in await town.stated() if isinstance(event, MilestoneRetracted)]
    assert [(event.plan, event.goal, str(event.reached_on)) for event in told] == [(STEPS, "1.1", "2023-06-14")]
    listed = await town.get("milestones", town.staff, plan=STEPS)
    assert [each["retract_reason"] for each in listed["items"]] == ["Det var et udkast", None]
    assert (await town.get("milestones", town.staff, plan="odense-2023"))["items"] == []


async def test_of_many_who_declare_it_at_once_one_has(town: Centre) -> None:
    answers = await asyncio.gather(*(town.post("milestones", STEP) for _ in range(6)))

    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 5]
    assert [type(event) for event in await town.stated()].count(MilestoneReached) == 1
    assert (await stands(town))[0] == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"plan": "odense-1999"}, "plan"),
        ({"goal": "9.9"}, "goal"),
        ({"plan": "odense-2023", "goal": "A.1"}, "goal"),
        ({"goal": "1.3"}, "goal"),
        ({"reached_on": str(today() + timedelta(days=2))}, "reached_on"),
        ({"reached_on": "2023-02-30"}, "reached_on"),
        ({"goal": "1.2", "reached_on": "2022-12-31"}, "reached_on"),
        ({"evidence": ""}, "evidence"),
        ({"person": "Åse"}, "person"),
    ],
)
async def test_a_wrong_field_is_named_and_nothing_is_told(town: Centre, changes: Json, field: str) -> None:
    answer = await town.post("milestones", STEP | changes)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert MilestoneReached not in {type(event) for event in await town.stated()}


async def test_a_change_made_while_looking_at_an_older_version_is_refused(town: Centre) -> None:
    milestone = await reached(town)
    path = f"/kpi/{town.tenant}/milestones/{milestone['id']}/retract"

    answer = await town.client.post(path, json={"reason": "x"}, headers={**town.staff, "if-match": '"7"'})

    assert answer.status_code == 412


@pytest.mark.parametrize(("who", "status"), [("citizen", 401), ("association", 403), ("stranger", 404)])
async def test_only_staff_of_the_centre_declare_and_read(town: Centre, who: str, status: int) -> None:
    callers = {"citizen": CITIZEN, "association": town.association(uuid4()), "stranger": bearer(fresh_tenant())}

    written = await town.post("milestones", STEP, who=callers[who])
    read = await town.client.get(f"/kpi/{town.tenant}/milestones", headers=callers[who])

    assert (written.status_code, read.status_code) == (status, status)


async def test_another_centres_milestone_is_not_found(town: Centre, client: httpx2.AsyncClient) -> None:
    milestone = await reached(town)
    stranger = fresh_tenant()

    answer = await client.get(f"/kpi/{stranger}/milestones/{milestone['id']}", headers=bearer(stranger))

    assert answer.status_code == 404
