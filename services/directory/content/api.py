"""The content pages' door: staff write, everybody reads what is published."""

from typing import Annotated
from uuid import UUID

from fastapi import Path as PathParameter
from fastapi import Query, Response

from services.directory.content import repository, usecases
from services.directory.content.repository import Filters
from services.directory.content.schemas import NewPage, PageAnswer, PageChange, Publishing, Withdrawing
from services.directory.rules import State
from services.directory.versions import usecases as versions
from services.directory.versions.schemas import Restoring, Versions
from shared.answers import IfMatch, answer, created
from shared.auth import Public, Staff
from shared.clock import today
from shared.door import Session, router
from shared.events.directory import ContentKind
from shared.inputs import composed
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

routes = router("directory")


@routes.post("/content", status_code=201)
async def write_page(
    tenant: TenantPath, session: Session, caller: Staff, body: NewPage, response: Response
) -> PageAnswer:
    return created(PageAnswer, await usecases.write(session, tenant, body), response, "directory", "content")


@routes.get("/content")
async def list_pages(
    tenant: TenantPath,
    session: Session,
    caller: Public,
    paging: Paging,
    kind: ContentKind | None = None,
    front: Annotated[bool, Query(description="Only what stands on the front page today.")] = False,
    q: Annotated[str | None, Query(max_length=200, description="Words of the title or the text.")] = None,
    state: Annotated[State, Query(description="Other than published: for staff.")] = State.PUBLISHED,
) -> Page[PageAnswer]:
    filters = Filters(state, kind, today() if front else None, composed(q))
    found, following = await usecases.find(session, tenant, filters, paging, caller)
    return Page(items=[PageAnswer.model_validate(each) for each in found], next_cursor=following)


@routes.get("/content/by-slug/{slug}")
async def get_page_by_slug(
    tenant: TenantPath,
    session: Session,
    caller: Public,
    slug: Annotated[str, PathParameter(max_length=80)],
    response: Response,
) -> PageAnswer:
    page = usecases.readable(await repository.by_slug(session, tenant, slug), caller)
    return answer(PageAnswer, page, response)


@routes.get("/content/{content_id}")
async def get_page(
    tenant: TenantPath, session: Session, caller: Public, content_id: UUID, response: Response
) -> PageAnswer:
    return answer(PageAnswer, usecases.readable(await repository.get(session, tenant, content_id), caller), response)


@routes.get("/content/{content_id}/versions")
async def list_versions_of_page(tenant: TenantPath, session: Session, caller: Staff, content_id: UUID) -> Versions:
    await repository.get(session, tenant, content_id)
    return await versions.history(session, tenant, content_id, PageChange.model_fields)


@routes.post("/content/{content_id}/restore")
async def restore_page(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    content_id: UUID,
    body: Restoring,
    expected: IfMatch,
    response: Response,
) -> PageAnswer:
    """Says again what an earlier version said; that is one more version, so it can be undone, too."""
    return answer(PageAnswer, await usecases.restore(session, tenant, content_id, body.version, expected), response)


@routes.patch("/content/{content_id}")
async def change_page(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    content_id: UUID,
    body: PageChange,
    expected: IfMatch,
    response: Response,
) -> PageAnswer:
    return answer(PageAnswer, await usecases.change(session, tenant, content_id, body, expected), response)


@routes.post("/content/{content_id}/publish")
async def publish_page(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    content_id: UUID,
    expected: IfMatch,
    response: Response,
    body: Publishing | None = None,
) -> PageAnswer:
    published_on = body.published_on if body else None
    return answer(PageAnswer, await usecases.publish(session, tenant, content_id, published_on, expected), response)


@routes.post("/content/{content_id}/withdraw")
async def withdraw_page(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    content_id: UUID,
    expected: IfMatch,
    response: Response,
    body: Withdrawing | None = None,
) -> PageAnswer:
    withdrawn_on = body.withdrawn_on if body else None
    return answer(PageAnswer, await usecases.withdraw(session, tenant, content_id, withdrawn_on, expected), response)
