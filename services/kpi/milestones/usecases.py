"""What staff do with milestones: declare a step taken, take the declaration back."""

from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi import repository as adopted
from services.kpi.definition import measures
from services.kpi.definition.goal import Goal
from services.kpi.definition.plan import Plan
from services.kpi.milestones import repository
from services.kpi.milestones.models import Milestone
from services.kpi.milestones.schemas import NewMilestone
from services.kpi.people import dated
from shared.auth import Principal
from shared.clock import fact_time, now
from shared.errors import Conflict, Invalid, Text
from shared.events.kpi import MilestoneReached, MilestoneRetracted
from shared.messaging.outbox import emit


class AlreadyReached(Conflict):
    slug = "already-reached"
    title = Text("Milepælen er allerede nået", "The milestone has already been reached")


class AlreadyRetracted(Conflict):
    slug = "already-retracted"
    title = Text("Milepælen er allerede trukket tilbage", "The milestone has already been retracted")


async def reach(session: AsyncSession, tenant: str, new: NewMilestone, caller: Principal) -> Milestone:
    """The goal's one step was taken on that day, which says whether it was in time."""
    goal = await _milestone_goal(session, tenant, new)
    day = dated(new.reached_on, caller, "reached_on")
    if goal.starts is not None and day < goal.starts:
        # The counter would pass over it, and nobody would know why.
        raise Invalid.field("reached_on", "ligger før målets periode", "lies before the goal's period")
    milestone = Milestone(
        tenant=tenant,
        plan=new.plan,
        goal=new.goal,
        reached_on=day,
        evidence=new.evidence,
        recorded_by=caller.subject,
    )
    if not await repository.add(session, milestone):
        raise AlreadyReached(
            Text("Træk den tilbage først, hvis dagen er forkert", "Retract it first if the day is wrong")
        )
    event = MilestoneReached(plan=new.plan, goal=new.goal, reached_on=day)
    await emit(session, event, tenant=tenant, subject=milestone.id, time=fact_time(day))
    return milestone


async def _milestone_goal(session: AsyncSession, tenant: str, new: NewMilestone) -> Goal:
    row = await adopted.plan(session, tenant, new.plan)
    if row is None:
        raise Invalid.field("plan", "er ikke en plan, centret følger", "is not a plan that the centre goes by")
    goals = Plan.model_validate(row.definition).goals
    goal = next((each for each in goals if each.id == new.goal), None)
    if goal is None:
        raise Invalid.field("goal", "findes ikke i planen", "is not in the plan")
    if not isinstance(goal.measure, measures.Milestone):
        raise Invalid.field("goal", "er ikke en milepæl; det tælles", "is not a milestone; it is counted")
    return goal


async def retract(session: AsyncSession, milestone: Milestone, reason: str, caller: Principal) -> None:
    """The goal is not reached after all. `milestone` is locked."""
    if milestone.retracted_at is not None:
        raise AlreadyRetracted
    milestone.retracted_at, milestone.retracted_by, milestone.retract_reason = now(), caller.subject, reason
    milestone.version += 1
    await session.flush()
    event = MilestoneRetracted(plan=milestone.plan, goal=milestone.goal, reached_on=milestone.reached_on)
    await emit(session, event, tenant=milestone.tenant, subject=milestone.id, sequence=milestone.version)
