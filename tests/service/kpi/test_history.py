"""A goal's curve: from the same receipts as its number, and ending at it."""

import pytest
import pytest_asyncio

from services.kpi.adoption import adopt, bundled_plans
from services.kpi.definition.plan import Plan
from tests.service.kpi.centre import Centre, Json
from tests.service.kpi.followed import PLAN, booked, follow


@pytest_asyncio.fixture(loop_scope="session")
async def followed(centre: Centre) -> Centre:
    await follow(centre)
    return centre


async def history(centre: Centre, goal: str, **query: str) -> Json:
    return await centre.get(f"plans/{PLAN}/goals/{goal}/history", centre.staff, **query)


def values(history: Json) -> dict[str, float | None]:
    return {item["date"]: item["value"] for item in history["items"]}


async def test_a_curve_is_cumulative_by_month_and_ends_at_the_goals_value(followed: Centre) -> None:
    found = await history(followed, "1.1")

    assert len(found["items"]) == 12
    assert list(values(found).items())[:3] == [("2023-01-31", 1), ("2023-02-28", 1), ("2023-03-31", 3)]
    assert found["items"][-1] == {
        "date": "2023-12-31", "value": (await followed.goal("1.1", PLAN))["value"], "shown": None,
    }  # fmt: skip
    assert (found["target"], found["shows"], found["by"]) == (11000, "value", "month")
    assert found["pace"][-1] == {"date": "2023-12-31", "value": 11000, "shown": None}
    assert found["pace"][0]["value"] < found["pace"][1]["value"]


async def test_by_day_and_by_week_the_same_receipts_stand_on_danish_days(followed: Centre) -> None:
    by_day, by_week = await history(followed, "1.1", by="day"), await history(followed, "1.1", by="week")

    assert len(by_day["items"]) == 365
    assert [values(by_day)[day] for day in ("2023-01-30", "2023-01-31", "2023-03-26", "2023-03-27")] == [0, 1, 2, 3]
    assert [values(by_week)[day] for day in ("2023-01-01", "2023-03-26", "2023-04-02")] == [0, 2, 3]


async def test_a_fact_of_danish_new_years_eve_belongs_to_the_old_year(followed: Centre) -> None:
    log, told = followed.log("more"), followed.told(booked(), subject="7d2f7a10-0000-4000-8000-000000000001")
    record = log.put(told.replace(b"2023-05-01T11:00:00", b"2023-12-31T22:59:59"))
    await followed.ingest().take([record])

    assert values(await history(followed, "1.1", by="day"))["2023-12-30"] == 3
    assert values(await history(followed, "1.1", by="day"))["2023-12-31"] == 4


async def test_of_a_series_an_older_reading_that_came_late_stands_on_its_own_day(followed: Centre) -> None:
    found = await history(followed, "2.1")

    assert list(values(found).values())[:6] == [None, 1600, 1600, 1600, 1600, 1650.5]
    assert found["items"][-1]["value"] == (await followed.goal("2.1", PLAN))["value"] == 1650.5
    assert found["pace"] == []


async def test_a_share_of_a_register_has_no_curve_and_says_why(followed: Centre) -> None:
    path = f"/kpi/{followed.tenant}/plans/{PLAN}/goals/2.2/history"
    refused = await followed.client.get(path)

    assert (refused.status_code, refused.json()["type"]) == (422, "urn:kompas:problem:no-curve")
    assert "register" in refused.json()["detail"]
    assert "register" in (await followed.client.get(path, headers={"accept-language": "en"})).json()["detail"]


@pytest.mark.parametrize("plan", bundled_plans(), ids=lambda plan: plan.id)
async def test_every_goal_has_a_curve_that_ends_at_its_value_or_a_reason_why_not(centre: Centre, plan: Plan) -> None:
    async with centre.database.transaction(centre.tenant) as session:
        await adopt(session, centre.tenant, plan, plan.year)

    for goal in (await centre.get(f"plans/{plan.id}/goals", centre.staff))["items"]:
        path = f"/kpi/{centre.tenant}/plans/{plan.id}/goals/{goal['id']}/history"
        answer = await centre.client.get(path, headers=centre.staff)
        found = answer.json()
        if answer.status_code == 422:
            assert "kurve" in found["detail"]
        else:
            last = found["items"][-1]["value"] if found["items"] else None
            assert last == goal["counted" if found["shows"] == "counted" else "value"], goal["id"]


async def test_a_goal_or_a_step_that_there_is_not_is_refused(followed: Centre) -> None:
    goals = f"/kpi/{followed.tenant}/plans/{PLAN}/goals"

    assert (await followed.client.get(f"{goals}/9.9/history")).status_code == 404
    assert (await followed.client.get(f"{goals}/1.1/history", params={"by": "year"})).status_code == 422
