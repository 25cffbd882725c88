"""The HTTP door of a person's rights, for staff whom the person asks."""

from uuid import UUID

from fastapi import Request, Response

from services.booking.people import repository, usecases
from services.booking.people.schemas import Found, PersonExported, Sought
from shared.auth import Staff
from shared.door import Session, router
from shared.tenancy import TenantPath

api = router("booking")


@api.post("/contacts/find")
async def find(body: Sought, tenant: TenantPath, session: Session, caller: Staff) -> Found:
    """The contact ids of an address."""
    return Found(items=[*await repository.of_address(session, tenant, body.email)])


@api.get("/contacts/{contact_id}")
async def export(
    contact_id: UUID, tenant: TenantPath, session: Session, caller: Staff, request: Request
) -> PersonExported:
    """Everything that is kept under this contact id."""
    return await usecases.export(session, tenant, contact_id, caller, request.app.state.seals)


@api.delete("/contacts/{contact_id}", status_code=204)
async def erase(contact_id: UUID, tenant: TenantPath, session: Session, caller: Staff) -> Response:
    """Forget the person, for good: name, address, messages and reasons. The bookings stay, without them."""
    await usecases.erase(session, tenant, contact_id)
    return Response(status_code=204)
