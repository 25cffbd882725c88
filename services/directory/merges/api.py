"""The door of merges. Which entries are one is for a person at the centre to say, and to take back."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.directory.freshness.rules import EntryKind
from services.directory.merges import repository
from services.directory.merges.schemas import MergeAnswer, MergePreview, NewMerge
from services.directory.merges.usecases import merging
from shared.answers import IfMatch
from shared.auth import Staff
from shared.door import Session, router, tag
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

routes = router("directory")


@routes.post("/merges", status_code=201)
async def merge(tenant: TenantPath, session: Session, caller: Staff, body: NewMerge, response: Response) -> MergeAnswer:
    """The merged entry closes, and its id answers with the kept one; what belonged to it moves."""
    made = merging.shown(await merging.merge(session, tenant, body))
    response.headers["Location"] = f"/directory/{tenant}/merges/{made.id}"
    tag(response, made.version)
    return made


@routes.post("/merges/preview")
async def preview(tenant: TenantPath, session: Session, caller: Staff, body: NewMerge) -> MergePreview:
    """What merging these two would change: every field in which they differ, whose word would stand, and what would
    move. Nothing changes."""
    return await merging.preview(session, tenant, body)


@routes.get("/merges")
async def list_merges(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    paging: Paging,
    kind: EntryKind | None = None,
    entry_id: Annotated[UUID | None, Query(description="One of the two.")] = None,
    organisation_id: Annotated[UUID | None, Query(description="The same as `entry_id`, of an organisation.")] = None,
) -> Page[MergeAnswer]:
    """Newest first, those undone too."""
    found, following = await repository.page(session, tenant, kind, entry_id or organisation_id, paging)
    return Page(items=[merging.shown(each) for each in found], next_cursor=following)


@routes.get("/merges/{merge_id}")
async def get_merge(
    tenant: TenantPath, session: Session, caller: Staff, merge_id: UUID, response: Response
) -> MergeAnswer:
    found = merging.shown(await repository.get(session, tenant, merge_id))
    tag(response, found.version)
    return found


@routes.post("/merges/{merge_id}/undo")
async def undo(
    tenant: TenantPath, session: Session, caller: Staff, merge_id: UUID, expected: IfMatch, response: Response
) -> MergeAnswer:
    """Both stand for themselves again, as before; what somebody has changed since stays, and is told in `left`."""
    undone = merging.shown(await merging.undo(session, tenant, merge_id, expected))
    tag(response, undone.version)
    return undone
