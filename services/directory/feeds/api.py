"""The feeds' door: changes of entries in order (OpenActive RPDE 1.0, ordered by change number)."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query, Request, Response

from services.directory.feeds import usecases
from services.directory.feeds.rules import FEEDS
from services.directory.feeds.schemas import FeedPage
from services.directory.openness import LICENCE
from shared.auth import Public
from shared.door import Session, router
from shared.errors import NotFound
from shared.tenancy import TenantPath

routes = router("directory")

AT_ONCE = 500


@routes.get("/feeds/{feed}")
async def read_feed(
    request: Request,
    response: Response,
    tenant: TenantPath,
    session: Session,
    caller: Public,
    feed: str,
    after: Annotated[int, Query(alias="afterChangeNumber", ge=0, le=2**63 - 1)] = 0,
    limit: Annotated[int, Query(ge=1, le=AT_ONCE)] = AT_ONCE,
) -> FeedPage:
    """Read `next` until a page is empty; its `next` is its own address, to be asked again later.

    Whoever has applied every item has what the directory shows. An item may come again; the later one holds.
    """
    if feed not in FEEDS:
        raise NotFound
    items = await usecases.read(session, tenant, *FEEDS[feed], after, limit)
    where = {"afterChangeNumber": items[-1]["modified"] if items else after}
    query = where | ({"limit": limit} if limit != AT_ONCE else {})
    address = f"{request.app.state.settings.public_url}/directory/{tenant}/feeds/{feed}?{urlencode(query)}"
    # Nothing may be kept back: a change moves an entry off the page on which it was.
    response.headers["Cache-Control"] = "no-cache"
    return {"next": address, "items": items, "license": LICENCE}
