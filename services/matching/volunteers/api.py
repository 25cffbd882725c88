"""The volunteers' door: anybody says yes and takes it back with the link they got; only staff see who they are."""

from typing import Annotated
from uuid import UUID

from fastapi import Header, Query, Request, Response

from services.matching.volunteers import repository, usecases
from services.matching.volunteers.schemas import NewVolunteer, RegisteredAnswer, VolunteerAnswer
from shared.auth import Public, Staff
from shared.door import Session, router, tag
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

routes = router("matching")
ManageToken = Annotated[str | None, Header(alias="X-Manage-Token", max_length=200)]


@routes.post("/volunteers", status_code=201)
async def register_volunteer(
    tenant: TenantPath, session: Session, caller: Public, body: NewVolunteer, request: Request, response: Response
) -> RegisteredAnswer:
    volunteer, token = await usecases.register(session, tenant, body, request.app.state.settings.public_url)
    response.headers["Location"] = f"/matching/{tenant}/volunteers/{volunteer.id}"
    tag(response, volunteer.version)
    return RegisteredAnswer.model_validate({**volunteer.model_dump(), "manage_token": token})


@routes.get("/volunteers")
async def list_volunteers(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    paging: Paging,
    interest: Annotated[str | None, Query(max_length=60)] = None,
    locality: Annotated[str | None, Query(max_length=60)] = None,
    language: Annotated[str | None, Query(max_length=3)] = None,
    withdrawn: Annotated[bool, Query(description="Also those who have withdrawn; who they were is forgotten.")] = False,
) -> Page[VolunteerAnswer]:
    filters = repository.Filters(interest, locality, language, withdrawn)
    found, following = await repository.page(session, tenant, filters, paging)
    contacts = await repository.contacts_of(session, tenant, found)
    return Page(items=[VolunteerAnswer.of(each, contacts.get(each.id)) for each in found], next_cursor=following)


@routes.get("/volunteers/{id}")
async def get_volunteer(
    tenant: TenantPath, session: Session, caller: Public, id: UUID, response: Response, token: ManageToken = None
) -> VolunteerAnswer:
    """For staff, and for the volunteer with the token."""
    volunteer = await usecases.managed(session, tenant, id, caller, token)
    contacts = await repository.contacts_of(session, tenant, [volunteer])
    tag(response, volunteer.version)
    return VolunteerAnswer.of(volunteer, contacts.get(volunteer.id))


@routes.post("/volunteers/{id}/withdraw")
async def withdraw_volunteer(
    tenant: TenantPath, session: Session, caller: Public, id: UUID, response: Response, token: ManageToken = None
) -> VolunteerAnswer:
    """For staff, and for the volunteer with the token. Erases who they are."""
    volunteer = await usecases.withdraw(session, tenant, id, caller, token)
    tag(response, volunteer.version)
    return VolunteerAnswer.of(volunteer, None)
