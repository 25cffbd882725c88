"""Every question about content pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.content.models import ContentPage
from services.directory.rules import State
from shared.errors import NotFound
from shared.events.directory import ContentKind
from shared.paging import PageRequest, paginate


@dataclass(frozen=True)
class Filters:
    state: State
    kind: ContentKind | None = None
    # Only what stands on the front page on this day.
    front_on: date | None = None
    q: str | None = None


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
    session: AsyncSession, tenant: str, wanted: Filters, paging: PageRequest
) -> tuple[Sequence[ContentPage], str | None]:
    query = select(ContentPage).where(ContentPage.tenant == tenant, ContentPage.state == wanted.state)
    if wanted.kind:
        query = query.where(ContentPage.kind == wanted.kind)
    if wanted.front_on:
        query = query.where(
            col(ContentPage.front_from) <= wanted.front_on, col(ContentPage.front_to) >= wanted.front_on
        )
    for word in (wanted.q or "").split():
        named = col(ContentPage.title).icontains(word, autoescape=True)
        query = query.where(named | col(ContentPage.body).icontains(word, autoescape=True))
    return await paginate(session, query, ContentPage.id, paging)
