"""What people ask of goals: how far they are, and what the numbers rest on."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi import repository as adopted
from services.kpi.counting.keys import GoalKey
from services.kpi.counting.reading import read
from services.kpi.decisions import repository as decided
from services.kpi.definition.plan import Goal, Plan
from services.kpi.definition.vocabulary import spoken, topics
from services.kpi.goals import repository
from services.kpi.goals.answering import answer, to_the_day
from services.kpi.goals.schemas import GoalAnswer
from services.kpi.goals.standin import stand_ins
from services.kpi.milestones.standing import Milestones
from services.kpi.models import AdoptedPlan
from services.kpi.published.rules import Seen
from services.kpi.published.usecases import Readings, seen_by_all
from shared.clock import today
from shared.errors import NotFound


async def goals_of(session: AsyncSession, tenant: str, plan_id: str, *, exact: bool = True) -> list[GoalAnswer]:
    """`exact` is for the centre's staff; everybody else sees goals that count people as they were published."""
    return await standing(session, tenant, [await adopted.existing_plan(session, tenant, plan_id)], exact=exact)


async def goal_of(session: AsyncSession, tenant: str, plan_id: str, goal_id: str, *, exact: bool = True) -> GoalAnswer:
    for goal in await goals_of(session, tenant, plan_id, exact=exact):
        if goal.id == goal_id:
            return goal
    if former := await adopted.former_plan(session, tenant, plan_id, goal_id):
        return next(goal for goal in await standing(session, tenant, [former], exact=exact) if goal.id == goal_id)
    raise NotFound


async def some_goals(
    session: AsyncSession, tenant: str, wanted: Iterable[GoalKey], *, exact: bool = True
) -> list[GoalAnswer]:
    """These goals as they stand, of those that there are."""
    names = {(goal.plan, goal.goal) for goal in wanted}
    plans = [row for row in await adopted.plans(session, tenant) if row.plan in {plan for plan, _ in names}]
    return [goal for goal in await standing(session, tenant, plans, exact=exact) if (goal.plan, goal.id) in names]


async def standing(
    session: AsyncSession, tenant: str, rows: Sequence[AdoptedPlan], *, exact: bool = True
) -> list[GoalAnswer]:
    only = rows[0].plan if len(rows) == 1 else None
    plans = [Plan.model_validate(row.definition) for row in rows]
    look = partial(readings, session, tenant, plans)
    found, seen = (await look(), dict[GoalKey, Seen]()) if exact else await seen_by_all(session, tenant, look)
    states = {(row.plan, row.goal): row for row in await adopted.goals(session, tenant, only)}
    coverage = await repository.coverage(session, tenant)
    decisions = await decided.standing(session, tenant, only)
    milestones, answers = await Milestones.read(session, tenant), []
    for plan in plans:
        for each in plan.goals:
            key, state = GoalKey(tenant, plan.id, each.id), states[plan.id, each.id]
            goal, reading = found[key]
            covered = _covered(goal, coverage) if exact else to_the_day(_covered(goal, coverage))
            due, reading, course = milestones.as_decided(plan, key, goal, reading)
            decision = decisions.get(key)
            answers.append(answer(plan, due, reading, state, decision, covered, today(), seen.get(key), course))
    return answers


async def readings(session: AsyncSession, tenant: str, plans: Sequence[Plan]) -> Readings:
    """Every number of these plans, and the goal it is a number of: the one before where a change is not whole yet."""
    tallies = await repository.tallies(session, tenant, plans[0].id if len(plans) == 1 else None)
    before, found = await stand_ins(session, tenant, plans), {}
    for plan in plans:
        for now in plan.goals:
            key = GoalKey(tenant, plan.id, now.id)
            goal, numbers = before.get(key) or (now, tallies.get(key, ()))
            found[key] = goal, read(goal, numbers)
    return found


def _covered(goal: Goal, coverage: Mapping[str, datetime]) -> datetime | None:
    return min((coverage[topic] for topic in topics(goal, spoken()) if topic in coverage), default=None)
