"""The HTTP door of plans and goals. Public: a plan's numbers belong to everybody it is about.

Of goals that count people everybody sees steps, and the centre's staff the number (`published/`).
"""

from collections.abc import AsyncIterator, Iterable

from fastapi import Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from services.kpi import repository as adopted
from services.kpi.definition.plan import Plan
from services.kpi.goals import usecases
from services.kpi.goals.schemas import GoalAnswer, PlanAnswer, PlanShown, ProgressAnswer, RetiredAnswer
from services.kpi.models import AdoptedGoal, AdoptedPlan, GoalStatus
from shared.auth import Public
from shared.door import Session, router
from shared.paging import Page
from shared.tenancy import TenantPath

api = router("kpi")


@api.get("/plans")
async def list_plans(tenant: TenantPath, session: Session, caller: Public) -> Page[PlanAnswer]:
    """The centre's action plans, one for each year it goes by them."""
    plans = await adopted.plans(session, tenant)
    return Page(items=[PlanAnswer(**_plan(row)) for row in plans], next_cursor=None)


@api.get("/plans/{plan}")
async def get_plan(plan: str, tenant: TenantPath, session: Session, caller: Public) -> PlanShown:
    """The plan, what it had in former versions, and how far the histories of its new goals have come."""
    row = await adopted.existing_plan(session, tenant, plan)
    themes = Plan.model_validate(row.definition).themes
    goals = await adopted.goals(session, tenant, plan)
    return PlanShown(**_plan(row), themes=themes, progress=_progress(goals), retired=_retired(goals))


@api.get("/plans/{plan}/goals")
async def list_goals(plan: str, tenant: TenantPath, session: Session, caller: Public) -> Page[GoalAnswer]:
    """Every goal of the plan as it stands now."""
    return Page(items=await usecases.goals_of(session, tenant, plan, exact=caller.is_staff), next_cursor=None)


@api.get("/plans/{plan}/goals/{goal}")
async def get_goal(plan: str, goal: str, tenant: TenantPath, session: Session, caller: Public) -> GoalAnswer:
    return await usecases.goal_of(session, tenant, plan, goal, exact=caller.is_staff)


@api.get("/stream", response_class=EventSourceResponse)
async def stream(tenant: TenantPath, caller: Public, request: Request) -> AsyncIterator[ServerSentEvent]:
    """One message a changed goal, as the goal is answered elsewhere. Who listens slowly gets the newest of each.

    Of a goal that counts people only the centre's staff hear with each fact; all others when its number is shown anew.
    """
    async for goal in request.app.state.stream.listen(tenant, exact=caller.is_staff):
        yield ServerSentEvent(event="goal", raw_data=goal)


def _progress(goals: Iterable[AdoptedGoal]) -> list[ProgressAnswer]:
    return [
        ProgressAnswer(goal=row.goal, status=row.status, read=row.history_read, of=row.history_of)
        for row in goals
        if row.status is GoalStatus.BACKFILLING
    ]


def _retired(goals: Iterable[AdoptedGoal]) -> list[RetiredAnswer]:
    return [
        RetiredAnswer(goal=row.goal, last_version=row.last_version or 0, reason=row.change_reason)
        for row in goals
        if row.status is GoalStatus.RETIRED
    ]


def _plan(row: AdoptedPlan) -> dict[str, object]:
    plan = Plan.model_validate(row.definition)
    return row.model_dump(exclude={"definition", "tenant"}) | {
        "title": plan.title,
        "title_en": plan.title_en,
        "goals": len(plan.goals),
    }
