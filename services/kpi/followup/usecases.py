"""The follow-up table of a plan as it stands now."""

from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi import repository as adopted
from services.kpi.definition.plan import Plan
from services.kpi.followup import rules
from services.kpi.goals.usecases import goals_of
from services.kpi.recommendations.usecases import recommendations
from shared.clock import now
from shared.errors import Language


async def followup(
    session: AsyncSession, tenant: str, plan_id: str, language: Language, *, exact: bool
) -> rules.Followup:
    """`exact` is for the centre's staff; what is printed for everybody shows what everybody may see."""
    plan = Plan.model_validate((await adopted.existing_plan(session, tenant, plan_id)).definition)
    goals = await goals_of(session, tenant, plan_id, exact=exact)
    title = plan.title if language == "da" else plan.title_en
    recommended = await recommendations(session, tenant, plan_id)
    return rules.followup(plan_id, title, plan.themes, goals, language, now(), recommended)
