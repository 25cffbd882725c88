"""Whoever asks for a plan gets every goal of it, in the source's words, with its codes and what was decided."""

import httpx2
import pytest

from services.kpi.adoption import adopt, bundled_plans
from services.kpi.definition.plan import Plan
from shared.database import Database
from tests.support.people import fresh_tenant


@pytest.mark.parametrize("plan", bundled_plans(), ids=lambda plan: plan.id)
async def test_a_plan_that_comes_with_kompas_is_answered_whole(
    plan: Plan, client: httpx2.AsyncClient, database: Database
) -> None:
    tenant = fresh_tenant()
    async with database.transaction(tenant) as session:
        await adopt(session, tenant, plan, plan.year)

    answer = await client.get(f"/kpi/{tenant}/plans/{plan.id}/goals")

    assert answer.status_code == 200, answer.text
    goals = answer.json()["items"]
    assert [(goal["id"], goal["statement"]) for goal in goals] == [(goal.id, goal.statement) for goal in plan.goals]
    assert [goal["codes"] for goal in goals] == [goal.codes.model_dump(mode="json") for goal in plan.goals]
    assert [goal["id"] for goal in goals if not (goal["note"] and goal["owner"] and goal["measured_by"])] == []
    changed = [goal["id"] for goal in goals if goal["result"] == "changed"]
    assert changed == [goal.id for goal in plan.goals if goal.changed]
    assert {goal["result"] for goal in goals} <= {"not_started", "changed", "too_few"}
