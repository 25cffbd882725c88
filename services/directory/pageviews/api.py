"""The page views' door: no token, no transaction and no database in the request: thousands a second get through."""

from fastapi import Request, Response

from services.directory.pageviews import usecases
from services.directory.pageviews.schemas import NewPageview
from shared.auth import Public
from shared.door import KEY_PATTERN, router
from shared.errors import Invalid
from shared.tenancy import TenantPath

routes = router("directory")

# Longer ones are cut: a user agent is anybody's text, and it is remembered.
LONGEST_USER_AGENT = 512


@routes.post("/pageviews", status_code=202)
async def count_pageview(
    tenant: TenantPath,
    caller: Public,
    body: NewPageview,
    request: Request,
) -> Response:
    """Accepted, also when it is not counted: crawlers, and browsers that say `DNT: 1` or `Sec-GPC: 1`, are not.

    An `Idempotency-Key` makes a repetition the same view. Staff may record a view of a past day (`viewed_on`).
    """
    headers = request.headers
    key = headers.get("idempotency-key")
    if key is not None and not KEY_PATTERN.fullmatch(key):
        raise Invalid.field(
            "Idempotency-Key", "skal være 1–200 synlige ASCII-tegn", "must be 1–200 visible ASCII characters"
        )
    visit = usecases.Visit(
        address=request.client.host if request.client else "",
        user_agent=headers.get("user-agent", "").strip()[:LONGEST_USER_AGENT],
        opted_out=headers.get("dnt") == "1" or headers.get("sec-gpc") == "1",
        key=key,
    )
    usecases.count(request.app.state.pageviews, caller, body, visit)
    return Response(status_code=202)
