"""Every question about visit links."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.visitlinks.models import VisitLink
from shared.errors import NotFound
from shared.paging import PageRequest, paginate


async def get(session: AsyncSession, tenant: str, id: UUID) -> VisitLink:
    query = select(VisitLink).where(VisitLink.tenant == tenant, VisitLink.id == id)
    if found := (await session.exec(query.with_for_update())).first():
        return found
    raise NotFound


async def held(session: AsyncSession, hashes: Collection[bytes]) -> dict[tuple[str, bytes], VisitLink]:
    """Those of these that work; by centre, because a link of one says nothing in another."""
    query = select(VisitLink).where(col(VisitLink.token_hash).in_(hashes), col(VisitLink.ended_on).is_(None))
    return {(link.tenant, bytes(link.token_hash)): link for link in (await session.exec(query)).all()}


async def page(session: AsyncSession, tenant: str, paging: PageRequest) -> tuple[Sequence[VisitLink], str | None]:
    return await paginate(session, select(VisitLink).where(VisitLink.tenant == tenant), VisitLink.id, paging)
