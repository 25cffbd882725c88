"""The earlier versions' door, for staff and for those whose the entry is."""

from uuid import UUID

from fastapi import Response

from services.directory.activities.schemas import ActivityAnswer
from services.directory.changes.models import Kind
from services.directory.doors import Editing
from services.directory.organisations.schemas import OrganisationAnswer
from services.directory.premises.schemas import PremisesAnswer
from services.directory.versions import usecases
from services.directory.versions.schemas import Restoring, Versions
from shared.answers import IfMatch, answer
from shared.door import Session, router
from shared.tenancy import TenantPath

routes = router("directory")


@routes.get("/organisations/{organisation_id}/versions")
async def list_versions_of_organisation(
    tenant: TenantPath, session: Session, caller: Editing, organisation_id: UUID
) -> Versions:
    return await usecases.those_of(session, tenant, Kind.ORGANISATION, organisation_id, caller)


@routes.get("/activities/{activity_id}/versions")
async def list_versions_of_activity(
    tenant: TenantPath, session: Session, caller: Editing, activity_id: UUID
) -> Versions:
    return await usecases.those_of(session, tenant, Kind.ACTIVITY, activity_id, caller)


@routes.get("/premises/{premises_id}/versions")
async def list_versions_of_premises(
    tenant: TenantPath, session: Session, caller: Editing, premises_id: UUID
) -> Versions:
    return await usecases.those_of(session, tenant, Kind.PREMISES, premises_id, caller)


@routes.post("/organisations/{organisation_id}/restore")
async def restore_organisation(
    tenant: TenantPath,
    session: Session,
    caller: Editing,
    organisation_id: UUID,
    body: Restoring,
    expected: IfMatch,
    response: Response,
) -> OrganisationAnswer:
    """Says again what an earlier version said; that is one more version, so it can be undone, too."""
    found = await usecases.restore(session, tenant, Kind.ORGANISATION, organisation_id, body.version, caller, expected)
    return answer(OrganisationAnswer, found, response)


@routes.post("/activities/{activity_id}/restore")
async def restore_activity(
    tenant: TenantPath,
    session: Session,
    caller: Editing,
    activity_id: UUID,
    body: Restoring,
    expected: IfMatch,
    response: Response,
) -> ActivityAnswer:
    """Says again what an earlier version said; whether it is published stays as it is."""
    found = await usecases.restore(session, tenant, Kind.ACTIVITY, activity_id, body.version, caller, expected)
    return answer(ActivityAnswer, found, response)


@routes.post("/premises/{premises_id}/restore")
async def restore_premises(
    tenant: TenantPath,
    session: Session,
    caller: Editing,
    premises_id: UUID,
    body: Restoring,
    expected: IfMatch,
    response: Response,
) -> PremisesAnswer:
    """Says again what an earlier version said; that is one more version, so it can be undone, too."""
    found = await usecases.restore(session, tenant, Kind.PREMISES, premises_id, body.version, caller, expected)
    return answer(PremisesAnswer, found, response)
