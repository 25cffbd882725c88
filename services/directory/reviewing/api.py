"""The page on which staff decide what the public may see, and what it asks: what waits, what changes, how it looks."""

from pathlib import Path
from typing import Literal
from uuid import UUID

from fastapi import Request, Response

from services.directory.reviewing import usecases
from services.directory.reviewing.paging import PagingByMoment
from services.directory.reviewing.schemas import Queue, Reviewed
from shared.auth import Public, Staff
from shared.door import Session, router, tag
from shared.errors import Language, language_of
from shared.pages import POLICY, page_file
from shared.tenancy import TenantPath

routes = router("directory")
PAGE = Path(__file__).resolve().parent / "page"


@routes.get("/reviewing", include_in_schema=False)
async def page(tenant: TenantPath, caller: Public) -> Response:
    """A change's id may stand after `#`. A token is kept in the page's memory and is gone with it."""
    return page_file(PAGE / "reviewing.html")


@routes.get("/reviewing.{kind}", include_in_schema=False)
async def page_part(tenant: TenantPath, caller: Public, kind: Literal["js", "css"]) -> Response:
    return page_file(PAGE / f"reviewing.{kind}")


@routes.get("/reviews")
async def list_reviews(tenant: TenantPath, session: Session, caller: Staff, paging: PagingByMoment) -> Queue:
    """What waits for staff, who has waited longest first."""
    return await usecases.queue(session, tenant, paging)


@routes.get("/reviews/{change_id}")
async def get_review_of_change(
    tenant: TenantPath, session: Session, caller: Staff, change_id: UUID, request: Request, response: Response
) -> Reviewed:
    """One change in the reader's words, with the words marked that differ. It is decided at `changes/{id}/…`."""
    found = await usecases.read(session, tenant, change_id, caller, _language(request))
    tag(response, found.version)
    return found


@routes.get("/reviews/{change_id}/preview", response_class=Response, responses={200: {"content": {"text/html": {}}}})
async def preview(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    change_id: UUID,
    request: Request,
    language: Language | None = None,
) -> Response:
    """The entry's page as citizens would read it, if the change were shown."""
    written = await usecases.look(session, tenant, change_id, caller, language or _language(request))
    return Response(written, media_type="text/html; charset=utf-8", headers={"Content-Security-Policy": POLICY})


def _language(request: Request) -> Language:
    return language_of(request.headers.get("accept-language"))
