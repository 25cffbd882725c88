"""The contact roles' door, for staff and for the organisation itself. Persons: nobody else reads them."""

from uuid import UUID

from fastapi import Response

from services.directory.contacts import usecases
from services.directory.contacts.schemas import ContactAnswer, ContactChange, Contacts, NewContact
from shared.answers import IfMatch, answer
from shared.auth import StaffOrAssociation
from shared.door import Session, router
from shared.tenancy import TenantPath

routes = router("directory")


@routes.get("/organisations/{organisation_id}/contacts")
async def list_contacts(
    tenant: TenantPath, session: Session, caller: StaffOrAssociation, organisation_id: UUID
) -> Contacts:
    found = await usecases.those_of(session, tenant, organisation_id, caller)
    return Contacts(items=[ContactAnswer.model_validate(each) for each in found])


@routes.post("/organisations/{organisation_id}/contacts", status_code=201)
async def name_contact(
    tenant: TenantPath,
    session: Session,
    caller: StaffOrAssociation,
    organisation_id: UUID,
    body: NewContact,
    response: Response,
) -> ContactAnswer:
    contact = await usecases.name(session, tenant, organisation_id, body, caller)
    response.headers["Location"] = f"/directory/{tenant}/organisations/{organisation_id}/contacts"
    return answer(ContactAnswer, contact, response)


@routes.patch("/organisations/{organisation_id}/contacts/{role_id}")
async def change_contact(
    tenant: TenantPath,
    session: Session,
    caller: StaffOrAssociation,
    organisation_id: UUID,
    role_id: UUID,
    body: ContactChange,
    expected: IfMatch,
    response: Response,
) -> ContactAnswer:
    contact = await usecases.change(session, tenant, organisation_id, role_id, body, caller, expected)
    return answer(ContactAnswer, contact, response)


@routes.post("/organisations/{organisation_id}/contacts/{role_id}/end")
async def end_contact(
    tenant: TenantPath,
    session: Session,
    caller: StaffOrAssociation,
    organisation_id: UUID,
    role_id: UUID,
    expected: IfMatch,
    response: Response,
) -> ContactAnswer:
    """The person is forgotten, here and where mails are sent from."""
    contact = await usecases.end(session, tenant, organisation_id, role_id, caller, expected)
    return answer(ContactAnswer, contact, response)
