"""The HTTP door of bookings. Anybody may ask for a time; staff, or whoever holds its token, manage it."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from services.booking.bookings import repository
from services.booking.bookings.models import Booking
from services.booking.bookings.rules import BookingState
from services.booking.bookings.schemas import (
    BookingAnswer,
    BookingMade,
    BookingShown,
    ContactAnswer,
    Declination,
    NewBooking,
    NewTime,
    ResourceShown,
    TimesAnswer,
)
from services.booking.bookings.usecases import changing, making
from services.booking.doors import ManageToken, check_holder, check_token
from services.booking.resources import repository as resources
from services.booking.resources.rules import Period
from services.booking.resources.schemas import PeriodAnswer
from services.booking.schemas import Cancellation, Days
from shared.answers import IfMatch, answer
from shared.auth import Principal, Public, Staff
from shared.clock import now
from shared.door import Session, router, tag
from shared.inputs import Moment
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

api = router("booking")


@api.post("/bookings", status_code=201)
async def book(
    body: NewBooking, tenant: TenantPath, session: Session, caller: Public, request: Request, response: Response
) -> BookingMade:
    """Take a free time. 409 names the next free ones in `alternatives`."""
    state = request.app.state
    message = state.seals.seal(body.message)
    booking, token = await making.book(session, tenant, body, message, caller, state.settings.public_url)
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


async def _managed(
    booking_id: UUID, tenant: TenantPath, session: Session, caller: Public, request: Request, token: ManageToken = None
) -> Booking:
    """The booking, locked for whoever changes it, if the caller may manage it.

    A wrong token learns as little as one for a booking that never was.
    """
    check_holder(caller, request, token)
    booking = await repository.get(session, tenant, booking_id, lock=request.method != "GET")
    check_token(caller, request, token, booking.token_hash)
    return booking


async def _decided(booking_id: UUID, tenant: TenantPath, session: Session, caller: Staff) -> Booking:
    """The booking, locked, for staff alone."""
    return await repository.get(session, tenant, booking_id, lock=True)


Managed = Annotated[Booking, Depends(_managed)]
Decided = Annotated[Booking, Depends(_decided)]


@api.get("/bookings/{booking_id}")
async def get_booking(booking: Managed, session: Session, caller: Public, response: Response) -> BookingShown:
    tag(response, booking.version)
    return await _shown(session, booking, caller)


@api.get("/bookings/{booking_id}/times")
async def list_times(
    booking: Managed, session: Session, caller: Public, after: Annotated[Moment | None, Query()] = None
) -> TimesAnswer:
    """Free times of the same length that the booking could move to: the next ten, or the next ten after `after`."""
    found = await changing.times_to_move_to(session, booking, after or now(), 10)
    return TimesAnswer(items=[PeriodAnswer.model_validate(period) for period in found])


@api.post("/bookings/{booking_id}/reschedule")
async def reschedule(
    body: NewTime, booking: Managed, session: Session, caller: Public, expected: IfMatch, response: Response
) -> BookingShown:
    """Move it to another free time. 409 leaves it where it is and names the free ones in `alternatives`."""
    expected(booking.version)
    await changing.reschedule(session, booking, caller, Period(body.starts_at, body.ends_at))
    tag(response, booking.version)
    return await _shown(session, booking, caller)


@api.post("/bookings/{booking_id}/cancel")
async def cancel(
    booking: Managed,
    session: Session,
    caller: Public,
    expected: IfMatch,
    response: Response,
    body: Cancellation | None = None,
) -> BookingShown:
    expected(booking.version)
    await changing.cancel(session, booking, caller, body.reason if body else None)
    tag(response, booking.version)
    return await _shown(session, booking, caller)


@api.post("/bookings/{booking_id}/confirm")
async def confirm(booking: Decided, session: Session, expected: IfMatch, response: Response) -> BookingAnswer:
    expected(booking.version)
    await changing.confirm(session, booking)
    return answer(BookingAnswer, booking, response)


@api.post("/bookings/{booking_id}/decline")
async def decline(
    booking: Decided, session: Session, expected: IfMatch, response: Response, body: Declination | None = None
) -> BookingAnswer:
    expected(booking.version)
    await changing.decline(session, booking, body.reason if body else None)
    return answer(BookingAnswer, booking, response)


@api.post("/bookings/{booking_id}/complete")
async def complete(booking: Decided, session: Session, expected: IfMatch, response: Response) -> BookingAnswer:
    expected(booking.version)
    await changing.complete(session, booking)
    return answer(BookingAnswer, booking, response)


@api.post("/bookings/{booking_id}/no-show")
async def no_show(booking: Decided, session: Session, expected: IfMatch, response: Response) -> BookingAnswer:
    expected(booking.version)
    await changing.no_show(session, booking)
    return answer(BookingAnswer, booking, response)


async def _shown(session: Session, booking: Booking, caller: Principal) -> BookingShown:
    resource = await resources.get(session, booking.tenant, booking.resource_id)
    contact = None
    if caller.is_staff and booking.contact_id:
        contact = await repository.contact(session, booking.tenant, booking.contact_id)
    return BookingShown(
        **BookingAnswer.model_validate(booking).model_dump(),
        resource=ResourceShown(name=resource.name, kind=resource.kind, locality=booking.locality),
        cancelled_by=booking.cancelled_by,
        contact=contact and ContactAnswer.model_validate(contact),
        cancel_reason=booking.cancel_reason if caller.is_staff else None,
        decline_reason=booking.decline_reason,
        changeable=changing.changeable(booking, resource, staff=caller.is_staff),
        has_message=booking.message is not None,
    )
