"""Every question about merged organisations."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.merged.models import MergedOrganisation
from services.kpi.merged.rules import Merged


async def put(session: AsyncSession, row: MergedOrganisation) -> bool:
    """As the newest event has it, in whatever order they are heard; answers whether this is the newest."""
    values = row.model_dump()
    statement = insert(MergedOrganisation).values(values)
    newest = statement.on_conflict_do_update(
        index_elements=["tenant", "id"], set_=values, where=col(MergedOrganisation.sequence) < row.sequence
    )
    found = await (await session.connection()).execute(newest.returning(col(MergedOrganisation.sequence)))
    return found.first() is not None


async def merged(session: AsyncSession) -> Mapping[str, Merged]:
    """By centre: of all centres, or of the one whose transaction this is."""
    query = select(MergedOrganisation).where(col(MergedOrganisation.stands).is_(True))
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in (await session.exec(query)).all():
        found[row.tenant][str(row.id)] = str(row.merged_into)
    return found


async def changed_since(session: AsyncSession, tenant: str, time: datetime) -> bool:
    query = select(func.count()).where(MergedOrganisation.tenant == tenant, col(MergedOrganisation.changed_at) > time)
    return (await session.exec(query)).one() > 0
