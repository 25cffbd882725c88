"""The changes' door: an association writes and sends in its own; staff see exactly what changes, and decide."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.directory.activities.schemas import ActivityChange
from services.directory.changes import usecases
from services.directory.changes.models import Change, Kind
from services.directory.changes.rules import State
from services.directory.changes.schemas import ChangeAnswer, ChangeShown, Returning
from services.directory.doors import Editing
from services.directory.organisations.schemas import OrganisationChange
from services.directory.premises.schemas import PremisesChange
from shared.answers import IfMatch
from shared.auth import Staff
from shared.door import Session, router, tag
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

routes = router("directory")


@routes.post("/organisations/{organisation_id}/changes")
async def change_organisation_later(
    tenant: TenantPath,
    session: Session,
    caller: Editing,
    organisation_id: UUID,
    body: OrganisationChange,
    response: Response,
) -> ChangeShown:
    """Begins a change, or goes on with the one that is open: nobody else sees it before it is shown."""
    return await _shown(session, await usecases.write(session, tenant, organisation_id, body, caller), response)


@routes.post("/activities/{activity_id}/changes")
async def change_activity_later(
    tenant: TenantPath, session: Session, caller: Editing, activity_id: UUID, body: ActivityChange, response: Response
) -> ChangeShown:
    """Begins a change, or goes on with the one that is open. Of a draft, it is the wish to publish it."""
    return await _shown(session, await usecases.write(session, tenant, activity_id, body, caller), response)


@routes.post("/premises/{premises_id}/changes")
async def change_premises_later(
    tenant: TenantPath, session: Session, caller: Editing, premises_id: UUID, body: PremisesChange, response: Response
) -> ChangeShown:
    """Begins a change, or goes on with the one that is open: nobody else sees it before it is shown."""
    return await _shown(session, await usecases.write(session, tenant, premises_id, body, caller), response)


@routes.get("/changes")
async def list_changes(
    tenant: TenantPath,
    session: Session,
    caller: Editing,
    paging: Paging,
    state: Annotated[State | None, Query(description="`submitted` is what waits for staff.")] = None,
    kind: Kind | None = None,
    organisation_id: UUID | None = None,
) -> Page[ChangeAnswer]:
    found, following = await usecases.find(session, tenant, caller, state, kind, organisation_id, paging)
    return Page(items=list(found), next_cursor=following)


@routes.get("/changes/{change_id}")
async def get_change(
    tenant: TenantPath, session: Session, caller: Editing, change_id: UUID, response: Response
) -> ChangeShown:
    return await _shown(session, await usecases.held(session, tenant, change_id, caller), response)


@routes.post("/changes/{change_id}/submit")
async def submit_change(
    tenant: TenantPath, session: Session, caller: Editing, change_id: UUID, expected: IfMatch, response: Response
) -> ChangeShown:
    """Sends it to staff; where the centre has no review step, it is shown at once."""
    change = await usecases.held(session, tenant, change_id, caller, expected)
    return await _shown(session, await usecases.submit(session, change, caller), response)


@routes.post("/changes/{change_id}/approve")
async def approve_change(
    tenant: TenantPath, session: Session, caller: Staff, change_id: UUID, expected: IfMatch, response: Response
) -> ChangeShown:
    change = await usecases.held(session, tenant, change_id, caller, expected)
    return await _shown(session, await usecases.approve(session, change, caller), response)


@routes.post("/changes/{change_id}/return")
async def return_change(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    change_id: UUID,
    body: Returning,
    expected: IfMatch,
    response: Response,
) -> ChangeShown:
    """Its author reads the reason and may go on with it."""
    change = await usecases.held(session, tenant, change_id, caller, expected)
    return await _shown(session, await usecases.send_back(session, change, body.reason), response)


@routes.post("/changes/{change_id}/drop")
async def drop_change(
    tenant: TenantPath, session: Session, caller: Editing, change_id: UUID, expected: IfMatch, response: Response
) -> ChangeShown:
    change = await usecases.held(session, tenant, change_id, caller, expected)
    return await _shown(session, await usecases.drop(session, change), response)


async def _shown(session: Session, change: Change, response: Response) -> ChangeShown:
    tag(response, change.version)
    return await usecases.read(session, change)
