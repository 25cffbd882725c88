"""The HTTP door of decisions: staff put their own judgement beside the counter's, for everybody to see."""

from services.kpi.counting.keys import GoalKey
from services.kpi.decisions import usecases
from services.kpi.decisions.schemas import NewDecision
from services.kpi.goals.schemas import GoalAnswer
from services.kpi.goals.usecases import goal_of
from shared.auth import Staff
from shared.door import Session, router
from shared.tenancy import TenantPath

api = router("kpi")


@api.post("/plans/{plan}/goals/{goal}/status", status_code=201)
async def decide_status(
    plan: str, goal: str, body: NewDecision, tenant: TenantPath, session: Session, caller: Staff
) -> GoalAnswer:
    """Decide the result, the time or both. The counter's own judgement stays in `proposed`."""
    await goal_of(session, tenant, plan, goal)
    await usecases.decide(session, GoalKey(tenant, plan, goal), body, caller)
    return await goal_of(session, tenant, plan, goal)


@api.delete("/plans/{plan}/goals/{goal}/status")
async def withdraw_status(plan: str, goal: str, tenant: TenantPath, session: Session, caller: Staff) -> GoalAnswer:
    """Take the decision back: the counter's judgement is the goal's again."""
    await goal_of(session, tenant, plan, goal)
    await usecases.leave_to_the_counter(session, GoalKey(tenant, plan, goal), caller)
    return await goal_of(session, tenant, plan, goal)
