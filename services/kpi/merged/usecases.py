"""What becomes of the numbers when two organisations turn out to be one, or not to be one after all."""

from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi import adoption
from services.kpi import repository as adopted
from services.kpi.counting.compile import compile_goal
from services.kpi.definition.plan import Goal, Plan
from services.kpi.definition.vocabulary import spoken
from services.kpi.merged import repository
from services.kpi.merged.models import MergedOrganisation
from services.kpi.merged.rules import asks_for_organisations


async def note(session: AsyncSession, row: MergedOrganisation) -> None:
    """From now on their facts are one organisation's, and so they are from the first fact ever: every goal that tells
    organisations apart has its history read anew, and is shown as it was until then.
    """
    await adopted.adopt_alone(session)
    if not await repository.put(session, row):
        return
    for plan in await adopted.plans(session, row.tenant):
        definition = Plan.model_validate(plan.definition)
        asking = {goal.id for goal in definition.goals if tells_apart(row.tenant, definition, goal)}
        await adoption.count_anew(session, row.tenant, plan.plan, asking)
    await adopted.change_version(session)
    await adopted.announce_plans(session)


def tells_apart(tenant: str, plan: Plan, goal: Goal) -> bool:
    """Whether the goal's number depends on which organisations are one."""
    heard = compile_goal(tenant, plan, goal, spoken())
    return any(asks_for_organisations(listener.counter) for _, listener in heard)
