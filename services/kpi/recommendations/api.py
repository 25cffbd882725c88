"""The HTTP door of recommendations: everybody reads what became of them, staff say it."""

from services.kpi.recommendations import usecases
from services.kpi.recommendations.schemas import NewStatus, RecommendationAnswer
from shared.auth import Public, Staff
from shared.door import Session, router
from shared.paging import Page
from shared.tenancy import TenantPath

api = router("kpi")


@api.get("/plans/{plan}/recommendations")
async def list_recommendations(
    plan: str, tenant: TenantPath, session: Session, caller: Public
) -> Page[RecommendationAnswer]:
    """What was recommended in the plan's source, and what became of each."""
    return Page(items=await usecases.recommendations(session, tenant, plan), next_cursor=None)


@api.post("/plans/{plan}/recommendations/{recommendation}/status", status_code=201)
async def say_status(
    plan: str, recommendation: str, body: NewStatus, tenant: TenantPath, session: Session, caller: Staff
) -> RecommendationAnswer:
    """Say what became of a recommendation, with the reason. Nothing that was said before is lost."""
    return await usecases.say(session, tenant, plan, recommendation, body, caller)
