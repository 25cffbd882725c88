"""What was observed in a year."""

from collections.abc import Iterable
from datetime import date

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.observations.models import Observation
from services.kpi.yearly.rules import Observed


async def newest(session: AsyncSession, tenant: str, year: int, series: Iterable[str]) -> dict[str, Observed]:
    """Of each series the newest by its own date; of one day the one that was recorded last."""
    query = (
        select(Observation)
        .where(
            Observation.tenant == tenant,
            col(Observation.series).in_(sorted(series)),
            col(Observation.observed_on).between(date(year, 1, 1), date(year, 12, 31)),
            col(Observation.retracted_at).is_(None),
        )
        .order_by(col(Observation.observed_on), col(Observation.recorded_at), col(Observation.id))
    )
    return {row.series: Observed(row.value, row.observed_on) for row in (await session.exec(query)).all()}
