"""Changed goals as server-sent events, from the commit of the counting to whoever listens."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest
from fastapi import FastAPI

from services.kpi.counting.keys import GoalKey
from services.kpi.goals.changes import LONGEST, _payloads, announced
from services.kpi.goals.stream import Stream
from tests.service.kpi.centre import Centre, Json
from tests.support.people import fresh_tenant
from tests.support.waiting import eventually


@asynccontextmanager
async def listening(app: FastAPI, tenant: str) -> AsyncIterator[list[Json]]:
    """What one listener hears. (A stream that never ends cannot be read through the in-process client.)"""
    heard: list[Json] = []
    stream: Stream = app.state.stream

    async def listen() -> None:
        async for goal in stream.listen(tenant, exact=True):
            heard.append(json.loads(goal))  # noqa: PERF401 (an async comprehension would show nothing before its end)

    task = asyncio.create_task(listen())
    await asyncio.sleep(0)
    yield heard
    task.cancel()


async def observed(centre: Centre, value: int) -> None:
    body = {"series": "facebook_followers", "value": value, "observed_on": "2023-06-30"}
    assert (await centre.post("observations", body)).status_code == 201
    await centre.count_own_facts()


async def test_a_changed_goal_is_told_to_every_listener_of_the_centre_and_to_no_other(
    centre: Centre, app: FastAPI
) -> None:
    async with (
        listening(app, centre.tenant) as amina,
        listening(app, centre.tenant) as bo,
        listening(app, fresh_tenant()) as stranger,
    ):
        await observed(centre, 1650)

        async def both_know() -> bool:
            return bool(amina and bo)

        await eventually(both_know)

    assert amina == bo
    assert (amina[0]["plan"], amina[0]["id"], amina[0]["value"]) == ("odense-2023", "K.2", 1650)
    assert amina[0] == await centre.goal("K.2")
    assert stranger == []


async def test_whoever_listens_slowly_gets_the_newest_and_holds_up_nobody(centre: Centre, app: FastAPI) -> None:
    stream: Stream = app.state.stream
    slow = stream.listen(centre.tenant, exact=True)
    first = asyncio.ensure_future(anext(slow))
    await asyncio.sleep(0)
    async with listening(app, centre.tenant) as quick:

        def is_newest(value: int) -> bool:
            return bool(quick) and quick[-1]["value"] == value

        for value in range(1, 6):
            await observed(centre, value)
            await eventually(partial(is_newest, value))

    assert json.loads(await first)["value"] == 1
    assert json.loads(await anext(slow))["value"] == 5
    await slow.aclose()  # type: ignore[attr-defined]


@pytest.mark.parametrize("count", [1, 3, 2_000])
def test_any_number_of_changed_goals_fits_into_notifications(count: int) -> None:
    goals = [GoalKey("odense", "odense-2026", f"g{number:04}") for number in range(count)]

    payloads = list(_payloads(reversed(goals)))

    assert [goal for payload in payloads for goal in announced(payload)] == goals
    assert max(len(payload) for payload in payloads) <= LONGEST
