"""Every question about content pages."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.content.models import ContentPage
from services.directory.rules import State
from shared.errors import NotFound
from shared.events.directory import ContentKind
from shared.paging import PageRequest, paginate


async def add(session: AsyncSession, page: ContentPage) -> UUID | None:
    """None if it was new; else the id of the page that has the address, also when it is written at this moment."""
    statement = insert(ContentPage).values(page.model_dump())
    free = statement.on_conflict_do_nothing(index_elements=["tenant", "slug"]).returning(col(ContentPage.id))
    if (await session.exec(free)).first():
        return None
    return (await by_slug(session, page.tenant, page.slug)).id


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
