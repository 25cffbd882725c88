"""What anybody can read about plans, goals and the facts behind them."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx2
import pytest
import time_machine

from services.kpi.adoption import adopt, adopt_bundled_plans, bundled_plans
from services.kpi.definition.plan import Plan
from services.kpi.repository import backfilling
from shared.clock import today
from shared.database import Database
from shared.events.kpi import PlanAdopted
from tests.service.kpi.centre import THIS_YEAR, Centre
from tests.support.people import bearer, fresh_tenant
from tests.unit.kpi.cast import KLIMA, SUNDHED, odense


async def observed(centre: Centre, value: float, on: str = "2023-06-30") -> None:
    body = {"series": "facebook_followers", "value": value, "observed_on": on}
    answer = await centre.post("observations", body)
    assert answer.status_code == 201, answer.text


async def test_a_centres_plans_are_public(centre: Centre) -> None:
    plans = (await centre.get("plans"))["items"]

    assert [plan["plan"] for plan in plans] == ["odense-2023", THIS_YEAR]
    assert plans[0]["year"] == 2023
    assert plans[0]["goals"] == len(odense().goals)


async def test_a_goal_says_everything_a_board_asks(centre: Centre) -> None:
    goal = await centre.goal("A.1")

    assert {
        "plan": "odense-2023",
        "id": "A.1",
        "statement": "Bookede samtaler: 100 (bookingsystem, digital opgørelse)",
        "target": 100,
        "comparison": "at_least",
        "unit": "bookede samtaler",
        "value": 0,
        "as_of": None,
        "due": "2023-12-31",
        "source": "live",
        "result": "not_started",
        "time": "late",
        "forecast": "Målet blev ikke nået: 0 af 100 bookede samtaler ved fristen.",
        "coverage_from": None,
    }.items() <= goal.items()


async def test_the_goals_are_answered_in_the_plans_order(centre: Centre) -> None:
    goals = (await centre.get(f"plans/{THIS_YEAR}/goals"))["items"]

    assert [goal["id"] for goal in goals] == [goal.id for goal in odense().goals]
    assert {goal["status"] for goal in goals} == {"live"}
    assert [goal["due"] for goal in goals] == [goal.ends.isoformat() for goal in odense(today().year).goals]


async def test_a_goal_over_members_shows_each_of_them_and_each_part(centre: Centre) -> None:
    goal = await centre.goal("1.2")

    assert goal["value"] == 0
    assert goal["per_dimension"] == {unit: {"outreach": 0, "use": 0, "value": 0} for unit in (KLIMA, SUNDHED)}


async def test_a_value_can_be_opened_down_to_its_facts(centre: Centre) -> None:
    await observed(centre, 1600, "2023-05-31")
    await observed(centre, 1650.5)
    await centre.count_own_facts()

    goal = await centre.goal("K.2")
    evidence = await centre.get("plans/odense-2023/goals/K.2/evidence")

    assert (goal["value"], goal["as_of"], goal["result"]) == (1650.5, "2023-06-30T10:00:00Z", "not_reached")
    assert [(row["type"], row["amount"]) for row in evidence["items"]] == [
        ("kompas.kpi.observation.recorded.v1", 0),
        ("kompas.kpi.observation.recorded.v1", 1650.5),
    ]
    assert set(evidence["items"][0]) == {"event_id", "type", "time", "amount", "part", "dimension"}


async def test_evidence_comes_in_pages(centre: Centre) -> None:
    for value in range(5):
        await observed(centre, value)
    await centre.count_own_facts()

    seen: list[Any] = []
    cursor = None
    while True:
        page = await centre.get(
            "plans/odense-2023/goals/K.2/evidence", limit=2, **({"cursor": cursor} if cursor else {})
        )
        seen += [row["event_id"] for row in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize("path", ["plans/odense-1999", "plans/odense-1999/goals", "plans/odense-2023/goals/X.9"])
async def test_what_does_not_exist_is_not_found(centre: Centre, path: str) -> None:
    answer = await centre.client.get(f"/kpi/{centre.tenant}/{path}")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_another_centres_plan_is_not_ours(centre: Centre, client: httpx2.AsyncClient) -> None:
    stranger = fresh_tenant()

    answer = await client.get(f"/kpi/{stranger}/plans/odense-2023/goals", headers=bearer(stranger))

    assert answer.status_code == 404


async def test_every_value_and_target_is_on_the_metrics(centre: Centre, client: httpx2.AsyncClient) -> None:
    await observed(centre, 1650)
    await centre.count_own_facts()

    page = (await client.get("/kpi/metrics")).text

    assert f'kpi_goal_value{{goal="K.2",plan="odense-2023",tenant="{centre.tenant}"}} 1650.0' in _sorted(page)
    assert f'kpi_goal_target{{goal="K.2",plan="odense-2023",tenant="{centre.tenant}"}} 1900.0' in _sorted(page)
    assert f'kpi_goal_value{{goal="K.3",plan="odense-2023",tenant="{centre.tenant}"}}' not in _sorted(page)


def _sorted(page: str) -> list[str]:
    """Samples with their labels in alphabetical order."""
    samples = []
    for line in page.splitlines():
        name, brace, rest = line.partition("{")
        labels, _, value = rest.partition("}")
        samples.append(f"{name}{{{','.join(sorted(labels.split(',')))}}}{value}" if brace else line)
    return samples


async def test_adopting_the_same_plan_again_changes_nothing(centre: Centre, database: Database) -> None:
    async with database.transaction(centre.tenant) as session:
        again = await adopt(session, centre.tenant, odense(), 2023)

    assert again is None
    adopted = [event for event in await centre.stated() if isinstance(event, PlanAdopted)]
    assert [(event.plan, event.year, len(event.goals)) for event in adopted] == [
        ("odense-2023", 2023, len(odense().goals)),
        (THIS_YEAR, today().year, len(odense().goals)),
    ]


async def test_the_plans_that_come_with_kompas_are_adopted_for_their_year_and_for_this_one(database: Database) -> None:
    plans = bundled_plans()

    twice = await asyncio.gather(*(adopt_bundled_plans(database) for _ in range(2)))
    again = await adopt_bundled_plans(database)

    assert sorted(plan for adopted in twice for plan in adopted) == sorted(
        f"{tenant}/{plan.for_year(year).id}"
        for plan in plans
        for tenant in plan.tenants
        for year in {plan.year, today().year}
    )
    assert again == []


async def test_only_what_counts_differently_is_counted_anew(centre: Centre, database: Database) -> None:
    plan = odense().model_dump(mode="json", by_alias=True)
    plan["goals"][0]["statement_en"] = "Said better"
    plan["goals"][12]["target"] = 120
    plan["goals"][15]["measure"]["where"] = {"resource_kind": "equipment"}
    del plan["goals"][19]

    async with database.transaction(centre.tenant) as session:
        await adopt(session, centre.tenant, Plan.model_validate(plan), 2023)
        waiting = await backfilling(session)

    assert [(goal.plan, goal.goal) for goal in waiting] == [("odense-2023", "B.2")]
    goals = {goal["id"]: goal for goal in (await centre.get("plans/odense-2023/goals"))["items"]}
    assert "K.4" not in goals
    assert (goals["A.1"]["target"], goals["1.1"]["statement_en"]) == (120, "Said better")
    assert (goals["B.2"]["status"], goals["A.1"]["status"]) == ("backfilling", "live")


async def test_a_running_goal_is_judged_against_its_pace(centre: Centre) -> None:
    body = {
        "slug": f"tal-{uuid4().hex[:8].translate(str.maketrans('0123456789', 'ghijklmnop'))}",
        "title": "Tal",
        "questions": [{"key": "new_volunteers", "kind": "number", "text": "Hvor mange?"}],
    }
    survey = (await centre.post("surveys", body)).json()
    await centre.post(f"surveys/{survey['id']}/open")
    answered = {"organisation_id": str(uuid4()), "answers": {"new_volunteers": 34}}
    await centre.post(f"surveys/{survey['id']}/responses", answered)
    await centre.count_own_facts()

    with time_machine.travel(f"{today().year}-07-01T12:00:00+02:00", tick=False):
        summer = await centre.goal("A.2", THIS_YEAR)
    with time_machine.travel(f"{today().year}-12-30T12:00:00+01:00", tick=False):
        winter = await centre.goal("A.2", THIS_YEAR)

    assert (summer["value"], summer["result"]) == (34, "mostly_reached")
    assert (winter["value"], winter["result"]) == (34, "not_reached")
    assert summer["forecast"].startswith("Der mangler 6 nye frivillige (selvrapporteret) om måneden")
