"""The organisations' door."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.directory.doors import Editing
from services.directory.organisations import repository, usecases
from services.directory.organisations.schemas import (
    Closing,
    NewOrganisation,
    OrganisationAnswer,
    OrganisationChange,
)
from shared.answers import IfMatch, answer, created, standing
from shared.auth import Public, Staff
from shared.door import Session, router
from shared.events.kinds import OrganisationKind, Sector
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

routes = router("directory")


@routes.post("/organisations", status_code=201)
async def register_organisation(
    tenant: TenantPath, session: Session, caller: Staff, body: NewOrganisation, response: Response
) -> OrganisationAnswer:
    organisation = await usecases.register(session, tenant, body)
    return created(OrganisationAnswer, organisation, response, "directory", "organisations")


@routes.get("/organisations")
async def list_organisations(
    tenant: TenantPath,
    session: Session,
    caller: Public,
    paging: Paging,
    kind: OrganisationKind | None = None,
    sector: Sector | None = None,
    locality: Annotated[str | None, Query(max_length=60)] = None,
    q: Annotated[str | None, Query(max_length=200, description="Words of the name.")] = None,
    closed: Annotated[bool, Query(description="Also those that are closed.")] = False,
) -> Page[OrganisationAnswer]:
    filters = repository.Filters(kind, sector, locality, q, closed)
    found, following = await repository.page(session, tenant, filters, paging)
    return Page(items=[OrganisationAnswer.model_validate(each) for each in found], next_cursor=following)


@routes.get("/organisations/{organisation_id}")
async def get_organisation(
    tenant: TenantPath, session: Session, caller: Public, organisation_id: UUID, response: Response
) -> OrganisationAnswer:
    """An entry that was merged answers with the one it went into, whose address is the `Content-Location`."""
    organisation = await repository.get(session, tenant, organisation_id)
    return standing(OrganisationAnswer, organisation, organisation_id, response, "directory", "organisations")


@routes.patch("/organisations/{organisation_id}")
async def change_organisation(
    tenant: TenantPath,
    session: Session,
    caller: Editing,
    organisation_id: UUID,
    body: OrganisationChange,
    expected: IfMatch,
    response: Response,
) -> OrganisationAnswer:
    """An association changes its own entry, but for `kind`, `sector`, `cvr` and `life`, which staff decide."""
    organisation = await usecases.change(session, tenant, organisation_id, body, caller, expected)
    return answer(OrganisationAnswer, organisation, response)


@routes.post("/organisations/{organisation_id}/close")
async def close_organisation(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    organisation_id: UUID,
    expected: IfMatch,
    response: Response,
    body: Closing | None = None,
) -> OrganisationAnswer:
    """Ends its memberships, withdraws its activities and closes its premises too."""
    closed_on = body.closed_on if body else None
    return answer(
        OrganisationAnswer, await usecases.close(session, tenant, organisation_id, closed_on, expected), response
    )
