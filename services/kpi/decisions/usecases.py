"""A person decides otherwise than the counter, with a reason; or leaves it to the counter again."""

from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.counting.keys import GoalKey
from services.kpi.decisions import repository
from services.kpi.decisions.models import Decision
from services.kpi.decisions.schemas import NewDecision
from services.kpi.goals.changes import announce
from shared.aggregate import record
from shared.auth import Principal
from shared.clock import now
from shared.errors import NotFound
from shared.events.kpi import StatusSet, StatusWithdrawn


async def decide(session: AsyncSession, goal: GoalKey, new: NewDecision, caller: Principal) -> Decision:
    """The new decision takes the place of the one that stood, which stays on record."""
    await repository.decide_alone(session, goal)
    await _withdraw(session, goal, caller)
    decision = Decision(
        tenant=goal.tenant,
        plan=goal.plan,
        goal=goal.goal,
        result=new.result,
        time=new.time,
        reason=new.reason,
        decided_by=caller.subject,
        decided_role=caller.role,
    )
    session.add(decision)
    await session.flush()
    await record(session, decision, StatusSet(plan=goal.plan, goal=goal.goal, result=new.result, time=new.time))
    await announce(session, [goal])
    return decision


async def leave_to_the_counter(session: AsyncSession, goal: GoalKey, caller: Principal) -> None:
    if not await _withdraw(session, goal, caller):
        raise NotFound
    await announce(session, [goal])


async def _withdraw(session: AsyncSession, goal: GoalKey, caller: Principal) -> bool:
    stood = await repository.of_goal(session, goal)
    if stood is None:
        return False
    stood.withdrawn_at, stood.withdrawn_by = now(), caller.subject
    stood.version += 1
    await session.flush()
    await record(session, stood, StatusWithdrawn(plan=goal.plan, goal=goal.goal))
    return True
