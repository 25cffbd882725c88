"""What people ask of goals: how far they are, and what the numbers rest on."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi import repository as adopted
from services.kpi.counting.keys import GoalKey
from services.kpi.counting.reading import read
from services.kpi.decisions import repository as decided
from services.kpi.definition.plan import Goal, Plan
from services.kpi.definition.vocabulary import spoken, topics
from services.kpi.goals import repository
from services.kpi.goals.answering import answer
from services.kpi.goals.schemas import GoalAnswer
from services.kpi.models import AdoptedPlan
from shared.clock import today
from shared.errors import NotFound


async def goals_of(session: AsyncSession, tenant: str, plan_id: str) -> list[GoalAnswer]:
    return await standing(session, tenant, [await adopted.existing_plan(session, tenant, plan_id)])


async def goal_of(session: AsyncSession, tenant: str, plan_id: str, goal_id: str) -> GoalAnswer:
    for goal in await goals_of(session, tenant, plan_id):
        if goal.id == goal_id:
            return goal
    if former := await adopted.former_plan(session, tenant, plan_id, goal_id):
        return next(goal for goal in await standing(session, tenant, [former]) if goal.id == goal_id)
    raise NotFound


async def some_goals(session: AsyncSession, tenant: str, wanted: Iterable[GoalKey]) -> list[GoalAnswer]:
    """These goals as they stand, of those that there are."""
    names = {(goal.plan, goal.goal) for goal in wanted}
    plans = [row for row in await adopted.plans(session, tenant) if row.plan in {plan for plan, _ in names}]
    return [goal for goal in await standing(session, tenant, plans) if (goal.plan, goal.id) in names]


async def standing(session: AsyncSession, tenant: str, plans: Sequence[AdoptedPlan]) -> list[GoalAnswer]:
    only = plans[0].plan if len(plans) == 1 else None
    tallies = await repository.tallies(session, tenant, only)
    states = {(row.plan, row.goal): row for row in await adopted.goals(session, tenant, only)}
    coverage = await repository.coverage(session, tenant)
    decisions = await decided.standing(session, tenant, only)
    answers = []
    for row in plans:
        plan = Plan.model_validate(row.definition)
        for goal in plan.goals:
            reading = read(goal, tallies.get(GoalKey(tenant, plan.id, goal.id), ()))
            state = states[plan.id, goal.id]
            decision = decisions.get(GoalKey(tenant, plan.id, goal.id))
            answers.append(answer(plan, goal, reading, state, decision, _covered(goal, coverage), today()))
    return answers


def _covered(goal: Goal, coverage: Mapping[str, datetime]) -> datetime | None:
    return min((coverage[topic] for topic in topics(goal, spoken()) if topic in coverage), default=None)
