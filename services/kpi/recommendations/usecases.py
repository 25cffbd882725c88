"""What a plan was recommended, and saying what became of it."""

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi import repository as adopted
from services.kpi.definition.plan import Plan, Recommendation
from services.kpi.recommendations import repository
from services.kpi.recommendations.models import RecommendationStatus, Status
from services.kpi.recommendations.schemas import NewStatus, RecommendationAnswer, StatusAnswer
from shared.auth import Principal
from shared.errors import NotFound


async def recommendations(session: AsyncSession, tenant: str, plan_id: str) -> list[RecommendationAnswer]:
    plan = Plan.model_validate((await adopted.existing_plan(session, tenant, plan_id)).definition)
    told = await repository.told(session, tenant, plan_id)
    return [_answer(plan, each, told.get(each.id, ())) for each in plan.recommendations]


async def say(
    session: AsyncSession, tenant: str, plan_id: str, recommendation_id: str, new: NewStatus, caller: Principal
) -> RecommendationAnswer:
    """From now on this is what became of it; what was said before stays to be read."""
    if recommendation_id not in {each.id for each in await recommendations(session, tenant, plan_id)}:
        raise NotFound
    session.add(
        RecommendationStatus(
            tenant=tenant,
            plan=plan_id,
            recommendation=recommendation_id,
            status=new.status,
            reason=new.reason,
            decided_by=caller.subject,
            decided_role=caller.role,
        )
    )
    await session.flush()
    return next(each for each in await recommendations(session, tenant, plan_id) if each.id == recommendation_id)


def _answer(plan: Plan, asked: Recommendation, told: Sequence[RecommendationStatus]) -> RecommendationAnswer:
    history = [StatusAnswer.model_validate(each) for each in told]
    newest = history[0] if history else None
    return RecommendationAnswer(
        id=asked.id,
        statement=asked.statement,
        statement_en=asked.statement_en,
        source=f"{plan.title}, {asked.source_lines}" if asked.source_lines else plan.title,
        note=asked.note,
        status=newest.status if newest else Status(asked.status or "not_started"),
        reason=newest and newest.reason,
        decided_role=newest and newest.decided_role,
        decided_at=newest and newest.decided_at,
        history=history,
    )
