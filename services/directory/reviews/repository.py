"""Every question about a centre's review step."""

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.reviews.models import ReviewPolicy


async def wanted(session: AsyncSession, tenant: str) -> bool:
    """No, until staff say so."""
    query = select(ReviewPolicy.wanted).where(ReviewPolicy.tenant == tenant)
    return (await session.exec(query)).first() is True


async def decide(session: AsyncSession, tenant: str, wanted: bool) -> None:
    policy = insert(ReviewPolicy).values(tenant=tenant, wanted=wanted)
    await session.exec(policy.on_conflict_do_update(index_elements=["tenant"], set_={"wanted": wanted}))
