"""The page views' doors: no token, no transaction and no database in the request: thousands a second get through."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.directory.pageviews import usecases
from services.directory.pageviews.schemas import NewPageview, Page, UnitName
from shared.auth import Principal, Public
from shared.door import KEY_PATTERN, router
from shared.errors import Invalid
from shared.events.words import Site
from shared.tenancy import TenantPath

routes = router("directory")

# Longer ones are cut: a user agent is anybody's text, and it is remembered.
LONGEST_USER_AGENT = 512
# One transparent point: what a page shows that no script of ours runs on.
POINT = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")


@routes.post("/pageviews", status_code=202, response_class=Response)
async def count_pageview(
    tenant: TenantPath,
    caller: Public,
    body: NewPageview,
    request: Request,
) -> Response:
    """Accepted, also when it is not counted: crawlers, browsers that say `DNT: 1` or `Sec-GPC: 1`, and staff are not.

    An `Idempotency-Key` makes a repetition the same view. Staff may record somebody's view of a day (`viewed_on`).
    A `unit` that the centre has not listed is left out, and the view is counted without it.
    """
    key = request.headers.get("idempotency-key")
    if key is not None and not KEY_PATTERN.fullmatch(key):
        raise Invalid.field(
            "Idempotency-Key", "skal være 1–200 synlige ASCII-tegn", "must be 1–200 visible ASCII characters"
        )
    count(request, caller, body, key)
    return Response(status_code=202)


@routes.get("/pageviews/point.gif", response_class=Response, responses={200: {"content": {"image/gif": {}}}})
async def count_by_picture(
    tenant: TenantPath,
    caller: Public,
    request: Request,
    site: Annotated[Site, Query()],
    page: Annotated[Page, Query()],
    unit: Annotated[UnitName | None, Query()] = None,
) -> Response:
    """The same for pages without a script, ours and others': one invisible picture, which is never kept by a browser.

    `<img src="…/directory/odense/pageviews/point.gif?site=frivilligcenter&page=/om-os" alt="" width="1" height="1">`
    """
    count(request, caller, NewPageview(site=site, page=page, unit=unit), None)
    return Response(POINT, media_type="image/gif", headers={"Cross-Origin-Resource-Policy": "cross-origin"})


def count(request: Request, caller: Principal, seen: NewPageview, key: str | None) -> None:
    """Whoever serves a page of the directory's own calls this, and needs neither script nor picture."""
    headers = request.headers
    visit = usecases.Visit(
        address=request.client.host if request.client else "",
        user_agent=headers.get("user-agent", "").strip()[:LONGEST_USER_AGENT],
        opted_out=headers.get("dnt") == "1" or headers.get("sec-gpc") == "1",
        key=key,
        mark=request.cookies.get(usecases.COOKIE) if "cookie" in headers else None,
    )
    usecases.count(request.app.state.pageviews, caller, seen, visit)
