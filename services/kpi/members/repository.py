"""Every question about member associations."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.members.models import Membership


async def put(session: AsyncSession, membership: Membership) -> None:
    """As the newest event has it, in whatever order they are heard."""
    values = membership.model_dump()
    statement = insert(Membership).values(values)
    newest = statement.on_conflict_do_update(
        index_elements=["id"], set_=values, where=col(Membership.sequence) < membership.sequence
    )
    await (await session.connection()).execute(newest)


async def associations(session: AsyncSession, tenant: str) -> Sequence[UUID]:
    """Each once, however many memberships it has."""
    query = select(Membership.organisation_id).where(Membership.tenant == tenant, col(Membership.stands).is_(True))
    return (await session.exec(query.distinct().order_by(col(Membership.organisation_id)))).all()
