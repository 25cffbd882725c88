"""The HTTP door of calendars that are kept elsewhere; for staff."""

from uuid import UUID

from fastapi import Request, Response

from services.booking.outside import usecases
from services.booking.outside.schemas import NewOutsideCalendar, OutsideCalendarAnswer
from shared.auth import Staff
from shared.door import Session, router
from shared.tenancy import TenantPath

api = router("booking")
PATH = "/resources/{resource_id}/outside-calendar"


@api.put(PATH)
async def put_outside(
    resource_id: UUID, body: NewOutsideCalendar, tenant: TenantPath, session: Session, caller: Staff, request: Request
) -> OutsideCalendarAnswer:
    """A private iCalendar address, in place of another. When it says busy, citizens book nothing; staff decide."""
    return await usecases.put(session, tenant, resource_id, body.url.get_secret_value(), request.app.state.seals)


@api.get(PATH)
async def get_outside(resource_id: UUID, tenant: TenantPath, session: Session, caller: Staff) -> OutsideCalendarAnswer:
    """When it was read, or why not. The address is a secret and never answered."""
    return await usecases.show(session, tenant, resource_id)


@api.delete(PATH, status_code=204)
async def remove_outside(resource_id: UUID, tenant: TenantPath, session: Session, caller: Staff) -> Response:
    await usecases.remove(session, tenant, resource_id)
    return Response(status_code=204)
