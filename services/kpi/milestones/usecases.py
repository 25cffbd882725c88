"""What staff do with milestones: declare a step taken, move or drop it, and take each of these back."""

from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi import repository as adopted
from services.kpi.counting.keys import GoalKey
from services.kpi.decisions.repository import decide_alone
from services.kpi.definition import measures
from services.kpi.definition.goal import Goal
from services.kpi.definition.plan import Plan
from services.kpi.goals.changes import announce
from services.kpi.milestones import repository, rules
from services.kpi.milestones.models import Milestone, MilestoneChange
from services.kpi.milestones.schemas import Drop, Move, NewMilestone
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


class Dropped(Conflict):
    slug = "milestone-dropped"
    title = Text("Milepælen er droppet", "The milestone was dropped")


class NotTheNewest(Conflict):
    slug = "not-the-newest-change"
    title = Text("Kun den nyeste ændring kan fortrydes", "Only the newest change can be undone")


async def reach(session: AsyncSession, tenant: str, new: NewMilestone, caller: Principal) -> Milestone:
    """The goal's one step was taken on that day, which says whether it was in time."""
    goal = await _milestone_goal(session, tenant, new)
    await _course(session, GoalKey(tenant, new.plan, new.goal))
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


async def move(session: AsyncSession, tenant: str, new: Move, caller: Principal) -> MilestoneChange:
    """It is to be reached by another day; the one it had stays visible."""
    goal = await _milestone_goal(session, tenant, new)
    course = await _course(session, GoalKey(tenant, new.plan, new.goal), unreached=True)
    if new.due == rules.due_of(goal, course):
        raise Invalid.field("due", "er den frist, den har", "is the day it has")
    if goal.starts is not None and new.due < goal.starts:
        raise Invalid.field("due", "ligger før målets periode", "lies before the goal's period")
    return await _decide(session, tenant, new, rules.due_of(goal, course), new.due, caller)


async def drop(session: AsyncSession, tenant: str, new: Drop, caller: Principal) -> MilestoneChange:
    """The centre no longer means to take the step; that is not having failed."""
    goal = await _milestone_goal(session, tenant, new)
    course = await _course(session, GoalKey(tenant, new.plan, new.goal), unreached=True)
    return await _decide(session, tenant, new, rules.due_of(goal, course), None, caller)


async def _course(session: AsyncSession, goal: GoalKey, *, unreached: bool = False) -> rules.Course:
    """What was decided about the milestone so far. Nobody else decides about the plan until this is done."""
    await decide_alone(session, goal)
    course = (await repository.courses(session, goal.tenant)).get(goal, rules.STAYED)
    if course.dropped:
        raise Dropped(Text("Fortryd det først", "Undo that first"))
    if unreached and goal in await repository.taken(session, goal.tenant):
        raise AlreadyReached(Text("Træk den tilbage først", "Retract it first"))
    return course


async def _decide(
    session: AsyncSession, tenant: str, new: Drop, before: date, due: date | None, caller: Principal
) -> MilestoneChange:
    change = MilestoneChange(
        tenant=tenant,
        plan=new.plan,
        goal=new.goal,
        due_before=before,
        due=due,
        reason=new.reason,
        decided_by=caller.subject,
        decided_role=caller.role,
    )
    session.add(change)
    await session.flush()
    await announce(session, [GoalKey(tenant, new.plan, new.goal)])
    return change


async def undo(session: AsyncSession, change: MilestoneChange, reason: str, caller: Principal) -> None:
    """It is as it was before. `change` is locked."""
    goal = GoalKey(change.tenant, change.plan, change.goal)
    await decide_alone(session, goal)
    newest = rules.latest((await repository.courses(session, change.tenant))[goal].turns)
    if newest is None or newest.id != change.id:
        raise NotTheNewest
    change.undone_at, change.undone_by, change.undo_reason = now(), caller.subject, reason
    change.version += 1
    await session.flush()
    await announce(session, [goal])


async def _milestone_goal(session: AsyncSession, tenant: str, new: NewMilestone | Drop) -> Goal:
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
