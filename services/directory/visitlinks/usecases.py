"""Staff make links, and end them; whoever opens one may mark a browser by it."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.visitlinks import repository
from services.directory.visitlinks.models import VisitLink
from shared import clock
from shared.errors import NotFound
from shared.links import hashed, new_token


async def make(session: AsyncSession, tenant: str, unit: str | None) -> tuple[VisitLink, str]:
    token = new_token()
    link = VisitLink(tenant=tenant, unit=unit, token_hash=hashed(token))
    session.add(link)
    await session.flush()
    return link, token


async def end(session: AsyncSession, tenant: str, id: UUID) -> None:
    """Browsers that were marked by it count as anybody's from now on."""
    link = await repository.get(session, tenant, id)
    if link.ended_on is None:
        link.ended_on = clock.today()
        link.version += 1
        await session.flush()


async def of_token(session: AsyncSession, tenant: str, token: str) -> VisitLink:
    found = await repository.held(session, [hashed(token)])
    if link := found.get((tenant, hashed(token))):
        return link
    raise NotFound
