"""The page on which staff decide what is there twice, and what it asks: what looks alike, how it differs, what was
merged earlier. Merging, undoing and telling apart are at `merges` and `duplicates`."""

from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Request, Response

from services.directory.freshness.rules import EntryKind
from services.directory.merges.schemas import NewMerge
from services.directory.merging.schemas import Compared, Earlier, Pairs
from services.directory.merging.usecases import comparing, earlier
from shared.auth import Public, Staff
from shared.door import Session, router, tag
from shared.errors import Language, language_of
from shared.pages import page_file
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

routes = router("directory")
PAGE = Path(__file__).resolve().parent / "page"


@routes.get("/merging", include_in_schema=False)
async def page(tenant: TenantPath, caller: Public) -> Response:
    """Two ids may stand after `#`. A token is kept in the page's memory and is gone with it."""
    return page_file(PAGE / "merging.html")


@routes.get("/merging.{kind}", include_in_schema=False)
async def page_part(tenant: TenantPath, caller: Public, kind: Literal["js", "css"]) -> Response:
    return page_file(PAGE / f"merging.{kind}")


@routes.get("/merging/pairs")
async def list_pairs(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    request: Request,
    kind: EntryKind = EntryKind.ORGANISATION,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
) -> Pairs:
    """Entries that look alike, in the reader's words, surest first; the one that would be kept comes first."""
    return await comparing.pairs(session, tenant, kind, limit, _language(request))


@routes.post("/merging/comparison")
async def compare(tenant: TenantPath, session: Session, caller: Staff, body: NewMerge, request: Request) -> Compared:
    """`merges/preview` in the reader's words: with the words marked that differ, and with what stands in the way.
    Nothing changes."""
    return await comparing.compare(session, tenant, body, _language(request))


@routes.get("/merging/earlier")
async def list_earlier(tenant: TenantPath, session: Session, caller: Staff, paging: Paging) -> Page[Earlier]:
    """What was merged, newest first, those undone too, by what the entries are called."""
    return await earlier.page(session, tenant, paging)


@routes.get("/merging/earlier/{merge_id}")
async def get_earlier(
    tenant: TenantPath, session: Session, caller: Staff, merge_id: UUID, response: Response
) -> Earlier:
    found = await earlier.read(session, tenant, merge_id)
    tag(response, found.version)
    return found


def _language(request: Request) -> Language:
    return language_of(request.headers.get("accept-language"))
