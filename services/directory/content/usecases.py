"""What staff do with content pages, write, publish and withdraw, and what everybody may read of them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.content import repository
from services.directory.content.models import ContentPage
from services.directory.content.repository import Filters
from services.directory.content.rules import SlugTaken, season
from services.directory.content.schemas import NewPage, PageChange
from services.directory.rules import State, day_of_fact, publishable, withdrawable
from services.directory.versions import usecases as versions
from shared import clock
from shared.aggregate import record
from shared.answers import Expected
from shared.auth import Principal, Role
from shared.errors import Forbidden, NotFound, Unauthenticated
from shared.events.directory import ContentPublished, ContentWithdrawn
from shared.paging import PageRequest


def readable(page: ContentPage, caller: Principal) -> ContentPage:
    if page.state is State.PUBLISHED or caller.is_staff:
        return page
    raise NotFound


async def find(
    session: AsyncSession, tenant: str, wanted: Filters, paging: PageRequest, caller: Principal
) -> tuple[Sequence[ContentPage], str | None]:
    if wanted.state is not State.PUBLISHED and not caller.is_staff:
        raise Unauthenticated if caller.role is Role.CITIZEN else Forbidden
    return await repository.page(session, tenant, wanted, paging)


async def write(session: AsyncSession, tenant: str, new: NewPage) -> ContentPage:
    season(new.front_from, new.front_to)
    page = ContentPage(tenant=tenant, **new.model_dump())
    if existing := await repository.add(session, page):
        raise SlugTaken(id=str(existing))
    return page


async def change(session: AsyncSession, tenant: str, id: UUID, wanted: PageChange, expected: Expected) -> ContentPage:
    """No event carries a text, so none says that it changed."""
    page = await _held(session, tenant, id, expected)
    before = page.model_dump()
    after = before | wanted.model_dump(exclude_unset=True)
    if after != before:
        season(after["front_from"], after["front_to"])
        page.sqlmodel_update(after)
        page.version += 1
    return page


async def restore(session: AsyncSession, tenant: str, id: UUID, version: int, expected: Expected) -> ContentPage:
    """Say again what an earlier version said, as one more change."""
    earlier = await versions.earlier(session, tenant, id, version, PageChange.model_fields)
    return await change(session, tenant, id, PageChange.model_validate(earlier), expected)


async def publish(
    session: AsyncSession, tenant: str, id: UUID, published_on: date | None, expected: Expected
) -> ContentPage:
    page = await _held(session, tenant, id, expected)
    publishable(page.state)
    day = day_of_fact(
        "published_on", published_on, today=clock.today(), may_backdate=True, not_before=page.withdrawn_on
    )
    page.state, page.published_on, page.withdrawn_on = State.PUBLISHED, day, None
    page.version += 1
    await record(session, page, ContentPublished(kind=page.kind, slug=page.slug), on=day)
    return page


async def withdraw(
    session: AsyncSession, tenant: str, id: UUID, withdrawn_on: date | None, expected: Expected
) -> ContentPage:
    page = await _held(session, tenant, id, expected)
    withdrawable(page.state)
    day = day_of_fact(
        "withdrawn_on", withdrawn_on, today=clock.today(), may_backdate=True, not_before=page.published_on
    )
    page.state, page.withdrawn_on = State.WITHDRAWN, day
    page.version += 1
    await record(session, page, ContentWithdrawn(kind=page.kind, slug=page.slug), on=day)
    return page


async def _held(session: AsyncSession, tenant: str, id: UUID, expected: Expected) -> ContentPage:
    page = await repository.get(session, tenant, id, lock=True)
    expected(page.version)
    return page
