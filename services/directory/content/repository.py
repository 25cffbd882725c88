"""Every question about content pages."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.content.models import ContentPage
from services.directory.rules import State
from shared.errors import NotFound
from shared.events.directory import ContentKind
from shared.paging import PageRequest, paginate


async def get(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> ContentPage:
    query = select(ContentPage).where(ContentPage.tenant == tenant, ContentPage.id == id)
    if page := (await session.exec(query.with_for_update() if lock else query)).first():
        return page
    raise NotFound


async def by_slug(session: AsyncSession, tenant: str, slug: str) -> ContentPage:
    query = select(ContentPage).where(ContentPage.tenant == tenant, ContentPage.slug == slug)
    if page := (await session.exec(query)).first():
        return page
    raise NotFound


async def page(
    session: AsyncSession, tenant: str, state: State, kind: ContentKind | None, paging: PageRequest
) -> tuple[Sequence[ContentPage], str | None]:
    query = select(ContentPage).where(ContentPage.tenant == tenant, ContentPage.state == state)
    if kind:
        query = query.where(ContentPage.kind == kind)
    return await paginate(session, query, ContentPage.id, paging)
