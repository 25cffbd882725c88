"""The HTTP door of bookings. Anybody may ask for a time; staff, or whoever holds its token, manage it."""

from typing import Annotated
from uuid import UUID

from fastapi import Header, Request, Response

from services.booking.bookings import repository, usecases
from services.booking.bookings.models import Booking, BookingState
from services.booking.bookings.schemas import (
    BookingAnswer,
    BookingMade,
    BookingShown,
    ContactAnswer,
    NewBooking,
    ResourceShown,
)
from services.booking.resources import repository as resources
from services.booking.schemas import Cancellation, Days
from shared.auth import Principal, Public, Role, Staff
from shared.door import Session, expect, router, tag
from shared.errors import Forbidden, NotFound, Unauthenticated
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

api = router("booking")
ManageToken = Annotated[str | None, Header(alias="X-Manage-Token", max_length=200)]


@api.post("/bookings", status_code=201)
async def book(
    body: NewBooking, tenant: TenantPath, session: Session, caller: Public, request: Request, response: Response
) -> BookingMade:
    """Take a free time. 409 names the next free ones in `alternatives`."""
    booking, token = await usecases.book(session, tenant, body, caller, request.app.state.settings.public_url)
    tag(response, booking.version)
    return BookingMade(**BookingAnswer.model_validate(booking).model_dump(), manage_token=token)


@api.get("/bookings")
async def list_bookings(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    paging: Paging,
    days: Days,
    state: BookingState | None = None,
    resource_id: UUID | None = None,
) -> Page[BookingAnswer]:
    """Bookings that begin on a Danish day from `from` up to and without `to`, in the order they were made."""
    found, following = await repository.page(
        session,
        tenant,
        paging,
        first=days.begin,
        until=days.end,
        state=state,
        resource_id=resource_id,
    )
    return Page(items=[BookingAnswer.model_validate(each) for each in found], next_cursor=following)


@api.get("/bookings/{booking_id}")
async def get_booking(
    booking_id: UUID,
    tenant: TenantPath,
    session: Session,
    caller: Public,
    request: Request,
    response: Response,
    token: ManageToken = None,
) -> BookingShown:
    booking = await _managed(session, tenant, booking_id, caller, request, token)
    tag(response, booking.version)
    return await _shown(session, booking, caller)


@api.post("/bookings/{booking_id}/cancel")
async def cancel_booking(
    booking_id: UUID,
    tenant: TenantPath,
    session: Session,
    caller: Public,
    request: Request,
    response: Response,
    body: Cancellation | None = None,
    token: ManageToken = None,
) -> BookingShown:
    booking = await _managed(session, tenant, booking_id, caller, request, token, lock=True)
    expect(request, booking.version)
    await usecases.cancel_booking(session, booking, caller, body.reason if body else None)
    tag(response, booking.version)
    return await _shown(session, booking, caller)


async def _managed(
    session: Session,
    tenant: str,
    booking_id: UUID,
    caller: Principal,
    request: Request,
    token: str | None,
    *,
    lock: bool = False,
) -> Booking:
    """The booking, if the caller may manage it. A wrong token learns as little as one for a booking that never was."""
    if not caller.is_staff and token is None:
        if getattr(request.state, "foreign", False):
            raise NotFound
        raise Unauthenticated if caller.role is Role.CITIZEN else Forbidden
    booking = await repository.get(session, tenant, booking_id, lock=lock)
    if not usecases.may_manage(booking, caller, token):
        raise NotFound
    return booking


async def _shown(session: Session, booking: Booking, caller: Principal) -> BookingShown:
    resource = await resources.get(session, booking.tenant, booking.resource_id)
    contact = None
    if caller.is_staff and booking.contact_id:
        contact = await repository.contact(session, booking.tenant, booking.contact_id)
    return BookingShown(
        **BookingAnswer.model_validate(booking).model_dump(),
        resource=ResourceShown.model_validate(resource),
        cancelled_by=booking.cancelled_by,
        contact=contact and ContactAnswer.model_validate(contact),
        cancel_reason=booking.cancel_reason if caller.is_staff else None,
    )
