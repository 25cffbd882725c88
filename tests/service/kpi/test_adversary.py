"""Somebody looks at everything public before and after, and tries to learn that one person came or went.

Each protection has a test here that fails without it (`docs/decisions/0009-small-numbers.md`).
"""

import asyncio
import json
from collections.abc import AsyncIterator
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy import text

from services.kpi.goals.stream import Stream
from tests.service.kpi.centre import Centre, Json
from tests.service.kpi.onlookers import MEASURES, PLAN, Onlooker, Town, text_of
from tests.support.waiting import eventually

OF_PEOPLE = set(MEASURES) - {"rooms"}


@pytest_asyncio.fixture(loop_scope="session")
async def town(centre: Centre) -> Town:
    town = Town(centre)
    await town.begin()
    return town


@pytest.fixture
def onlooker(centre: Centre) -> Onlooker:
    return Onlooker(centre)


def told(before: Any, after: Any) -> set[str]:
    return {door for door in before if before[door] != after[door]}


async def test_one_person_more_changes_nothing_that_anybody_sees_but_at_a_step(town: Town, onlooker: Onlooker) -> None:
    seen, steps = await onlooker.sees(), {}
    for people in range(1, 12):
        await town.book()
        before, seen = seen, await onlooker.sees()
        if told(before, seen):
            steps[people] = (await onlooker.goals())["all"]["shown"]

    assert steps == {1: "1–4", 5: "5", 10: "10"}
    assert (await town.centre.goal("all", PLAN))["value"] == 11


@pytest.mark.parametrize("people", [2, 7])
async def test_the_papers_tell_no_more_than_the_page(town: Town, onlooker: Onlooker, people: int) -> None:
    await town.book(people)
    before = await onlooker.sees(papers=True)
    await town.book()

    after = await onlooker.sees(papers=True)

    assert told(before, after) == set()
    assert ("1–4" in after["report csv"]) == ("1–4" in after["report html"]) == (people == 2)


async def test_nobody_learns_that_one_person_went(town: Town, onlooker: Onlooker) -> None:
    """Around the edge of a step, a number that went down and up again would tell of each single one."""
    await town.book(5)
    seen = await onlooker.sees()
    for turn in (town.cancel, town.book, town.cancel, town.cancel):
        await turn()
        before, seen = seen, await onlooker.sees()
        assert told(before, seen) == set(), turn

    assert (await town.centre.goal("all", PLAN))["value"] == 3


async def test_one_who_came_and_went_between_two_looks_left_no_trace(town: Town, onlooker: Onlooker) -> None:
    before = await onlooker.sees()
    await town.book(1)
    await town.cancel()

    assert told(before, await onlooker.sees()) == set()
    assert (await town.centre.goal("all", PLAN))["events"] == 2


async def test_the_last_one_who_goes_is_not_told_either(town: Town, onlooker: Onlooker) -> None:
    await town.book(1)
    before = await onlooker.sees()
    await town.cancel()

    assert told(before, await onlooker.sees()) == set()


async def test_a_small_number_is_null_and_nothing_beside_it_tells_it(town: Town, onlooker: Onlooker) -> None:
    await town.book(3)

    seen, exact = await onlooker.goals(), await town.centre.goal("all", PLAN)

    goal = seen["all"]
    assert (goal["value"], goal["shown"], goal["suppressed"], goal["events"]) == (None, "1–4", True, None)
    assert (exact["value"], exact["shown"], exact["suppressed"], exact["events"]) == (3, None, False, 3)
    assert goal["as_of"] != exact["as_of"]
    for name in ("result_reason", "result_reason_en", "forecast", "forecast_en"):
        assert not any(sign.isdigit() for sign in goal[name]), goal[name]
    # Three conversations reach a target of three, and "1–4" can mean two things.
    assert (seen["some"]["result"], (await town.centre.goal("some", PLAN))["result"]) == ("too_few", "reached")
    assert (seen["quarters"]["value"], seen["quarters"]["per_dimension"][f"{town_year()}-Q1"]) == (
        None,
        {"value": None},
    )


async def test_a_total_less_its_parts_does_not_tell_the_small_one(town: Town, onlooker: Onlooker) -> None:
    """12 − 9 = 3: with the total and all other parts in view, one part that is held back is not hidden."""
    await town.book(9, "volunteering")
    await town.book(6, "seeking_community")
    await town.book(3, "consultancy")

    goal = (await onlooker.goals())["by"]

    assert goal["value"] == 15
    assert {part: each["value"] for part, each in goal["per_dimension"].items()} == {
        "consultancy": None, "seeking_community": None, "volunteering": 5,
    }  # fmt: skip
    exact = (await town.centre.goal("by", PLAN))["per_dimension"]
    assert {part: each["value"] for part, each in exact.items()} == {
        "consultancy": 3, "seeking_community": 6, "volunteering": 9,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("people", "reached", "value"),
    [(3, 1, None), (12, 2, None), (12, 10, None), (12, 6, 50), (12, 12, 100), (12, 0, 0)],
    ids=["few people", "few reached", "few missing", "half", "all", "none"],
)
async def test_a_share_times_its_base_does_not_tell_few(
    town: Town, onlooker: Onlooker, people: int, reached: int, value: float | None
) -> None:
    await town.register(people, reached)

    goal = (await onlooker.goals())["share"]

    assert (goal["value"], goal["suppressed"]) == (value, value is None)
    if value is None:
        assert (goal["shown"], goal["forecast"]) == (None, "Der er for få til at vise tallet.")


async def test_a_change_since_last_year_does_not_tell_few(town: Town, onlooker: Onlooker) -> None:
    await town.book(7, year=town_year() - 1)
    await town.book(2)
    few = (await onlooker.goals())["more"]
    await town.book(9)
    more = (await onlooker.goals())["more"]

    assert (few["value"], few["counted"], few["compared_with"], few["suppressed"]) == (None, None, 5, True)
    assert (more["value"], more["counted"], more["compared_with"], more["result"]) == (5, 10, 5, "reached")
    assert not any(sign.isdigit() for sign in few["result_reason"] + few["forecast"])


async def test_facts_of_people_and_the_length_of_the_log_are_for_staff(town: Town, onlooker: Onlooker) -> None:
    await town.book(6)
    await town.book(2, kind="room")

    for goal in OF_PEOPLE:
        page = await town.centre.get(f"plans/{PLAN}/goals/{goal}/evidence")
        assert (page["items"], page["receipt"], page["withheld"]) == ([], None, True), goal
    rooms = await town.centre.get(f"plans/{PLAN}/goals/rooms/evidence")
    mine = await town.centre.get(f"plans/{PLAN}/goals/all/evidence", town.centre.staff)

    assert (len(rooms["items"]), rooms["receipt"]["counted"], rooms["receipt"]["partitions"]) == (2, 2, None)
    assert (len(mine["items"]), mine["withheld"]) == (6, False)
    assert (await onlooker.goals())["rooms"]["value"] == 2


async def test_a_new_definition_does_not_tell_what_the_old_one_had_come_to(town: Town) -> None:
    await town.book(3)
    text = text_of(all=MEASURES["rooms"][1])
    url, yaml = f"/kpi/{town.centre.tenant}/plans/{PLAN}", town.centre.staff | {"content-type": "text/yaml"}

    answer = await town.centre.client.put(url, content=text.encode(), headers=yaml, params={"reason": "x"})

    assert answer.status_code == 200, answer.text
    version = await town.centre.get(f"plans/{PLAN}/versions/2")
    assert [(each["goal"], each["value"]) for each in version["changes"]] == [("all", None)]
    known = await town.centre.get(f"plans/{PLAN}/versions/2", town.centre.staff)
    assert [(each["goal"], each["value"]) for each in known["changes"]] == [("all", 3)]


async def test_the_curve_of_everybody_is_made_of_what_everybody_was_shown(town: Town, onlooker: Onlooker) -> None:
    path = f"plans/{PLAN}/goals/all/history"
    for _ in range(3):
        await town.book(2)
        await onlooker.goals()

    seen = [(point["value"], point["shown"]) for point in (await town.centre.get(path, by="day"))["items"]]
    exact = [point["value"] for point in (await town.centre.get(path, town.centre.staff, by="day"))["items"]]

    # The facts lie on New Year's Day; when they came to be shown is today.
    assert seen == [(None, None)] * (len(exact) - 1) + [(5, "5")]
    assert exact == [6] * len(exact)


async def test_a_public_listener_hears_steps_and_staff_hear_each_one(town: Town, app: FastAPI) -> None:
    stream: Stream = app.state.stream
    heard: dict[bool, list[Json]] = {True: [], False: []}

    async def listen(exact: bool) -> None:
        async for goal in stream.listen(town.centre.tenant, exact=exact):
            found = json.loads(goal)
            if found["id"] in ("all", "rooms"):
                heard[exact].append(found)

    def staff_know(people: int) -> bool:
        return any(goal["value"] == people for goal in heard[True])

    listeners = [asyncio.create_task(listen(exact)) for exact in (True, False)]
    await eventually(lambda: all(stream.is_heard(town.centre.tenant, exact=exact) for exact in (True, False)))
    for people in range(1, 8):
        await town.book()
        await eventually(partial(staff_know, people))
    # Somebody borrows a room: it comes last, so that nothing else is still on its way.
    await town.book(kind="room")
    await eventually(lambda: any(goal["id"] == "rooms" for goal in heard[False]))
    for task in listeners:
        task.cancel()

    assert [goal["shown"] for goal in heard[False] if goal["id"] == "all"] == ["1–4", "5"]
    assert [goal["value"] for goal in heard[False] if goal["id"] == "rooms"] == [1]


async def test_the_doors_of_the_stream_are_two(town: Town, app: FastAPI) -> None:
    class Ended:
        """A stream that ends at once, so that it can be read through the in-process client."""

        async def listen(self, tenant: str, *, exact: bool) -> AsyncIterator[str]:
            yield json.dumps({"exact": exact})

    path = f"/kpi/{town.centre.tenant}/stream"
    association = town.centre.association(uuid4())

    # pytest's own patching would delete it afterwards: the state of an application keeps no attributes of its own.
    running, app.state.stream = app.state.stream, Ended()
    told = [(await town.centre.client.get(path, headers=who)).text for who in ({}, association, town.centre.staff)]
    app.state.stream = running

    assert ['"exact": true' in each for each in told] == [False, False, True]


async def test_the_minute_of_the_first_fact_is_for_staff(town: Town, onlooker: Onlooker) -> None:
    async with town.centre.database.transaction(town.centre.tenant) as session:
        since = "insert into coverage (tenant, topic, since) values (:tenant, 'booking.events', '2026-01-01T11:17:00Z')"
        await (await session.connection()).execute(text(since), {"tenant": town.centre.tenant})

    seen = {goal["coverage_from"] for id, goal in (await onlooker.goals()).items() if id != "share"}

    assert seen == {"2025-12-31T23:00:00Z"}
    assert (await town.centre.goal("all", PLAN))["coverage_from"] == "2026-01-01T11:17:00Z"


def town_year() -> int:
    return int(PLAN.rpartition("-")[2])
