"""The door of merges. Which entries are one is for a person at the centre to say, and to take back."""

from uuid import UUID

from fastapi import Response

from services.directory.merges import repository, usecases
from services.directory.merges.schemas import MergeAnswer, NewMerge
from shared.answers import IfMatch
from shared.auth import Staff
from shared.door import Session, router, tag
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

routes = router("directory")


@routes.post("/merges", status_code=201)
async def merge(tenant: TenantPath, session: Session, caller: Staff, body: NewMerge, response: Response) -> MergeAnswer:
    """The merged entry closes, and its id answers with the kept one; what belonged to it moves."""
    made = usecases.shown(await usecases.merge(session, tenant, body))
    response.headers["Location"] = f"/directory/{tenant}/merges/{made.id}"
    tag(response, made.version)
    return made


@routes.get("/merges")
async def list_merges(
    tenant: TenantPath, session: Session, caller: Staff, paging: Paging, organisation_id: UUID | None = None
) -> Page[MergeAnswer]:
    """Newest first, those undone too."""
    found, following = await repository.page(session, tenant, organisation_id, paging)
    return Page(items=[usecases.shown(each) for each in found], next_cursor=following)


@routes.get("/merges/{merge_id}")
async def get_merge(
    tenant: TenantPath, session: Session, caller: Staff, merge_id: UUID, response: Response
) -> MergeAnswer:
    found = usecases.shown(await repository.get(session, tenant, merge_id))
    tag(response, found.version)
    return found


@routes.post("/merges/{merge_id}/undo")
async def undo(
    tenant: TenantPath, session: Session, caller: Staff, merge_id: UUID, expected: IfMatch, response: Response
) -> MergeAnswer:
    """Both stand for themselves again, as before; what somebody has changed since stays, and is told in `left`."""
    undone = usecases.shown(await usecases.undo(session, tenant, merge_id, expected))
    tag(response, undone.version)
    return undone
