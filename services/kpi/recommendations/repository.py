"""Every question about what became of recommendations."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.recommendations.models import RecommendationStatus


async def told(session: AsyncSession, tenant: str, plan: str) -> Mapping[str, Sequence[RecommendationStatus]]:
    """By recommendation everything that was said of it, the newest first."""
    query = select(RecommendationStatus).where(RecommendationStatus.tenant == tenant, RecommendationStatus.plan == plan)
    found: dict[str, list[RecommendationStatus]] = defaultdict(list)
    for row in (await session.exec(query.order_by(col(RecommendationStatus.id).desc()))).all():
        found[row.recommendation].append(row)
    return found
