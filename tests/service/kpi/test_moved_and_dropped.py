"""Milestones that get another day, or are given up: told with the reason everywhere, and undone in order."""

import asyncio
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from icalendar import Calendar

from shared.clock import today
from tests.service.kpi.centre import CITIZEN, Centre, Json
from tests.service.kpi.steps import STEPS, go_by_steps

STEP = {"plan": STEPS, "goal": "1.1"}
WHY = {"reason": "Bestyrelsen mødes først i august"}


@pytest_asyncio.fixture(loop_scope="session")
async def town(centre: Centre) -> Centre:
    await go_by_steps(centre.database, centre.tenant)
    return centre


async def done(town: Centre, path: str, body: Json, status: int = 201) -> Json:
    answer = await town.post(f"milestones{path}", body)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


async def stands(town: Centre) -> Json:
    """As everybody sees it."""
    await town.count_own_facts()
    return await town.get(f"plans/{STEPS}/goals/1.1")


async def on_the_wheel(town: Centre) -> list[tuple[str, Any, bool]]:
    wheel = await town.get("yearwheel", year=2023, plan=STEPS)
    dues = [due for month in wheel["months"] for due in month["due"] if due["id"] == "1.1"]
    return [(due["on"], due["moved_from"], due["dropped"]) for due in dues]


async def row(town: Centre) -> str:
    page = (await town.client.get(f"/kpi/{town.tenant}/plans/{STEPS}/report")).text
    return page.split('<tr id="1.1">')[1].split("</tr>")[0]


async def test_a_milestone_that_was_moved_is_judged_by_its_new_day_and_shows_the_old_one(town: Centre) -> None:
    await done(town, "/move", STEP | WHY | {"due": "2023-08-31"})
    await done(town, "", STEP | {"reached_on": "2023-08-20"})

    goal = await stands(town)

    assert (goal["due"], goal["result"], goal["time"]) == ("2023-08-31", "reached", "on_time")
    assert goal["time_reason"] == (
        "Nået inden fristen 31. august 2023. Flyttet fra 30. juni 2023: Bestyrelsen mødes først i august"
    )
    [turn] = goal["turns"]
    assert (turn["kind"], turn["due_before"], turn["due"], turn["reason"], turn["decided_role"]) == (
        "moved", "2023-06-30", "2023-08-31", WHY["reason"], "staff",
    )  # fmt: skip
    assert await on_the_wheel(town) == [("2023-08-31", "2023-06-30", False)]
    assert "Flyttet fra 30. juni 2023" in await row(town)


@pytest.mark.parametrize(
    ("day", "time"), [("2023-08-31", "on_time"), ("2023-09-01", "slightly_late"), ("2023-11-30", "late")]
)
async def test_how_late_it_is_goes_by_the_new_day(town: Centre, day: str, time: str) -> None:
    await done(town, "/move", STEP | WHY | {"due": "2023-08-31"})
    await done(town, "", STEP | {"reached_on": day})

    assert (await stands(town))["time"] == time


async def test_a_dropped_milestone_is_shown_as_dropped_and_not_as_failed(town: Centre) -> None:
    await done(town, "/drop", STEP | WHY)

    goal = await stands(town)

    assert (goal["result"], goal["result_reason"], goal["time"]) == ("changed", f"Droppet: {WHY['reason']}", "on_time")
    assert [(turn["kind"], turn["due"]) for turn in goal["turns"]] == [("dropped", None)]
    assert await on_the_wheel(town) == [("2023-06-30", None, True)]
    assert "Droppet</span>" in await row(town)
    assert "ikke nået" not in await row(town)
    feed = Calendar.from_ical((await town.client.get(f"/kpi/{town.tenant}/yearwheel.ics")).text)
    states = {str(event["uid"]).partition("@")[0]: str(event.get("status")) for event in feed.walk("VEVENT")}
    assert (states[f"goal-{STEPS}-1.1"], states[f"goal-{STEPS}-1.2"]) == ("CANCELLED", "None")
    page = (await town.client.get("/kpi/metrics")).text
    results = {line for line in page.splitlines() if town.tenant in line and STEPS in line and 'goal="1.1"' in line}
    assert any('result="changed"' in line for line in results)


async def test_each_is_undone_and_what_was_undone_is_kept(town: Centre) -> None:
    before = await stands(town)
    moved = await done(town, "/move", STEP | WHY | {"due": "2023-08-31"})
    dropped = await done(town, "/drop", STEP | WHY)

    too_early = await town.post(f"milestones/changes/{moved['id']}/undo", WHY)
    await done(town, f"/changes/{dropped['id']}/undo", WHY, 200)
    still_moved = (await stands(town))["due"]
    undone = await done(town, f"/changes/{moved['id']}/undo", {"reason": "Alligevel i juni"}, 200)
    again = await town.post(f"milestones/changes/{moved['id']}/undo", WHY)

    assert (too_early.status_code, still_moved, again.status_code) == (409, "2023-08-31", 409)
    assert await stands(town) == before
    assert (undone["undo_reason"], undone["version"], dropped["due_before"]) == ("Alligevel i juni", 2, "2023-08-31")
    kept = (await town.get("milestones/changes", town.staff, plan=STEPS))["items"]
    assert [each["undone_at"] is not None for each in kept] == [True, True]


async def test_a_step_that_was_taken_is_neither_moved_nor_dropped_and_a_dropped_one_is_not_taken(town: Centre) -> None:
    await done(town, "", STEP | {"reached_on": "2023-06-01"})
    await done(town, "/drop", {"plan": STEPS, "goal": "1.2"} | WHY)

    refused = [
        await town.post("milestones/move", STEP | WHY | {"due": "2023-08-31"}),
        await town.post("milestones/drop", STEP | WHY),
        await town.post("milestones", {"plan": STEPS, "goal": "1.2", "reached_on": "2023-06-01"}),
        await town.post("milestones/move", {"plan": STEPS, "goal": "1.2", "due": "2024-01-31"} | WHY),
    ]

    slugs = [answer.json()["type"].rpartition(":")[2] for answer in refused]
    assert slugs == ["already-reached", "already-reached", "milestone-dropped", "milestone-dropped"]


async def test_of_many_who_drop_it_at_once_one_has(town: Centre) -> None:
    answers = await asyncio.gather(*(town.post("milestones/drop", STEP | WHY) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"goal": "1.3"}, "goal"),
        ({"goal": "9.9"}, "goal"),
        ({"plan": "odense-1999"}, "plan"),
        ({"due": "2023-06-30"}, "due"),
        ({"due": "2022-12-31", "goal": "1.2"}, "due"),
        ({"reason": ""}, "reason"),
    ],
)
async def test_a_wrong_field_is_named(town: Centre, changes: Json, field: str) -> None:
    answer = await town.post("milestones/move", STEP | WHY | {"due": "2023-08-31"} | changes)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_only_staff_decide_and_nobody_else_reads_who_it_was(town: Centre) -> None:
    change = await done(town, "/move", STEP | WHY | {"due": "2023-08-31"})

    citizens: list[httpx2.Response] = [
        await town.post("milestones/drop", STEP | WHY, who=CITIZEN),
        await town.post(f"milestones/changes/{change['id']}/undo", WHY, who=CITIZEN),
        await town.client.get(f"/kpi/{town.tenant}/milestones/changes"),
    ]

    assert [answer.status_code for answer in citizens] == [401, 401, 401]
    assert change["decided_by"] not in str(await stands(town))


async def test_what_is_reported_to_the_board_has_the_day_it_has_now(town: Centre) -> None:
    await done(town, "/move", STEP | WHY | {"due": "2023-08-31"})
    await done(town, "/drop", {"plan": STEPS, "goal": "1.2"} | WHY)

    answer = await town.post(f"plans/{STEPS}/reports", {"reporting_date": str(today())})

    assert answer.status_code == 201, answer.text
    goals = {goal["id"]: goal for goal in answer.json()["goals"]}
    assert (goals["1.1"]["due"], goals["1.1"]["turns"][0]["due_before"]) == ("2023-08-31", "2023-06-30")
    assert goals["1.2"]["result_reason"] == f"Droppet: {WHY['reason']}"
