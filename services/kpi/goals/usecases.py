"""What people ask of goals: how far they are, and what the numbers rest on."""

from collections.abc import Mapping, Sequence, Set
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
from services.kpi.repository import Edition
from shared.clock import today
from shared.errors import NotFound


async def goals_of(session: AsyncSession, tenant: str, plan_id: str, *, exact: bool = True) -> list[GoalAnswer]:
    """`exact` is for the centre's staff; everybody else sees goals that count people as they were published."""
    return await standing(session, tenant, [_plan(await adopted.existing_plan(session, tenant, plan_id))], exact=exact)


async def goal_of(session: AsyncSession, tenant: str, plan_id: str, goal_id: str, *, exact: bool = True) -> GoalAnswer:
    wanted, row = {GoalKey(tenant, plan_id, goal_id)}, await adopted.existing_plan(session, tenant, plan_id)
    if found := await standing(session, tenant, [_plan(row)], wanted, exact=exact):
        return found[0]
    if former := await adopted.former_plan(session, tenant, plan_id, goal_id):
        return (await standing(session, tenant, [_plan(former)], wanted, exact=exact))[0]
    raise NotFound


def _plan(row: AdoptedPlan) -> Plan:
    return Plan.model_validate(row.definition)


class KnownPlans:
    """The plans as this process last read them: an edition is read once, however often its goals are looked at."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[Edition, Plan]] = {}

    async def read(self, session: AsyncSession, tenant: str) -> list[Plan]:
        """The centre's plans as they are now adopted."""
        editions = [each for each in await adopted.editions(session) if each.tenant == tenant]
        new = [each for each in editions if self._edition(each) != each]
        rows = {row.id: row for row in await adopted.plans_of(session, [each.id for each in new])}
        for each in new:
            self._known[each.tenant, each.plan] = each, _plan(rows[each.id])
        return [self._known[each.tenant, each.plan][1] for each in editions]

    def _edition(self, of: Edition) -> Edition | None:
        found = self._known.get((of.tenant, of.plan))
        return found and found[0]


async def standing(
    session: AsyncSession,
    tenant: str,
    plans: Sequence[Plan],
    wanted: Set[GoalKey] | None = None,
    *,
    exact: bool = True,
) -> list[GoalAnswer]:
    """Every goal of these plans as it stands, or those `wanted` of them that there are."""
    only = plans[0].id if len(plans) == 1 else None
    look = partial(readings, session, tenant, plans, wanted)
    found, seen = (await look(), dict[GoalKey, Seen]()) if exact else await seen_by_all(session, tenant, look)
    if wanted is None:
        rows = await adopted.goals(session, tenant, only)
    else:
        rows = await adopted.goals_named(session, tenant, wanted)
    states = {(row.plan, row.goal): row for row in rows}
    coverage = await repository.coverage(session, tenant)
    decisions = await decided.standing(session, tenant, only)
    milestones, answers = await Milestones.read(session, tenant), []
    for plan in plans:
        for each in _of(plan, tenant, wanted):
            key, state = GoalKey(tenant, plan.id, each.id), states[plan.id, each.id]
            goal, reading = found[key]
            covered = _covered(goal, coverage) if exact else to_the_day(_covered(goal, coverage))
            due, reading, course = milestones.as_decided(plan, key, goal, reading)
            decision = decisions.get(key)
            answers.append(answer(plan, due, reading, state, decision, covered, today(), seen.get(key), course))
    return answers


def _of(plan: Plan, tenant: str, wanted: Set[GoalKey] | None) -> Sequence[Goal]:
    if wanted is None:
        return plan.goals
    names = {key.goal for key in wanted if key[:2] == (tenant, plan.id)}
    return [goal for goal in plan.goals if goal.id in names]


async def readings(
    session: AsyncSession, tenant: str, plans: Sequence[Plan], wanted: Set[GoalKey] | None = None
) -> Readings:
    """Every number of these plans, or of those goals of them that are `wanted`, and the goal it is a number of: the one
    before where a change is not whole yet."""
    if wanted is None:
        tallies = await repository.tallies(session, tenant, plans[0].id if len(plans) == 1 else None)
    else:
        tallies = await repository.tallies_of(session, tenant, wanted)
    before, found = await stand_ins(session, tenant, plans), {}
    for plan in plans:
        for now in _of(plan, tenant, wanted):
            key = GoalKey(tenant, plan.id, now.id)
            goal, numbers = before.get(key) or (now, tallies.get(key, ()))
            found[key] = goal, read(goal, numbers)
    return found


def _covered(goal: Goal, coverage: Mapping[str, datetime]) -> datetime | None:
    return min((coverage[topic] for topic in topics(goal, spoken()) if topic in coverage), default=None)
