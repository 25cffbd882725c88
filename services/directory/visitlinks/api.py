"""The doors of visit links, and the page that one opens."""

from pathlib import Path
from typing import Literal
from uuid import UUID

from fastapi import Request, Response

from services.directory.pageviews.usecases import COOKIE
from services.directory.visitlinks import repository, usecases
from services.directory.visitlinks.schemas import Mark, MarkAnswer, NewVisitLink, NewVisitLinkAnswer, VisitLinkAnswer
from shared.auth import Public, Staff
from shared.door import Session, router
from shared.pages import page_file
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

routes = router("directory")
HERE = Path(__file__).resolve().parent / "page"
A_YEAR = 366 * 24 * 60 * 60


@routes.post("/visit-links", status_code=201)
async def make_link(
    tenant: TenantPath, session: Session, caller: Staff, body: NewVisitLink, request: Request
) -> NewVisitLinkAnswer:
    """For a department: its visits are counted under its name. Without `unit`: for staff, who are not counted."""
    link, token = await usecases.make(session, tenant, body.unit)
    url = f"{request.app.state.settings.public_url.rstrip('/')}/directory/{tenant}/visit#{token}"
    return NewVisitLinkAnswer(id=link.id, unit=link.unit, made_on=link.made_on, ended_on=link.ended_on, url=url)


@routes.get("/visit-links")
async def list_links(tenant: TenantPath, session: Session, caller: Staff, paging: Paging) -> Page[VisitLinkAnswer]:
    found, following = await repository.page(session, tenant, paging)
    return Page(items=[VisitLinkAnswer.model_validate(each) for each in found], next_cursor=following)


@routes.delete("/visit-links/{link_id}", status_code=204)
async def end_link(tenant: TenantPath, session: Session, caller: Staff, link_id: UUID) -> None:
    await usecases.end(session, tenant, link_id)


@routes.post("/visit-links/mark")
async def mark(
    tenant: TenantPath, session: Session, caller: Public, body: Mark, request: Request, response: Response
) -> MarkAnswer:
    """Remember in this browser, by a cookie, what the link says. It takes a person's tap on the page: a mail scanner
    that opens the link marks nothing."""
    link = await usecases.of_token(session, tenant, body.link)
    secure = request.app.state.settings.public_url.startswith("https://")
    # On pages of other sites the picture that counts brings the cookie along only if it is marked so.
    same_site: Literal["none", "lax"] = "none" if secure else "lax"
    response.set_cookie(
        COOKIE,
        body.link,
        max_age=A_YEAR,
        path=f"/directory/{tenant}",
        httponly=True,
        secure=secure,
        samesite=same_site,
    )
    return MarkAnswer(unit=link.unit)


@routes.post("/visit-links/unmark", status_code=204)
async def unmark(tenant: TenantPath, caller: Public, response: Response) -> None:
    """This browser is anybody's again."""
    response.delete_cookie(COOKIE, path=f"/directory/{tenant}")


@routes.get("/visit", include_in_schema=False)
async def page(tenant: TenantPath, caller: Public) -> Response:
    """What stands after `#` never reaches a server's log."""
    return page_file(HERE / "visit.html")


@routes.get("/visit.js", include_in_schema=False)
async def script(tenant: TenantPath, caller: Public) -> Response:
    return page_file(HERE / "visit.js")
