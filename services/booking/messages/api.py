"""The HTTP door of messages to an adviser."""

from uuid import UUID

from fastapi import Request

from services.booking.bookings import repository as bookings
from services.booking.messages import repository, usecases
from services.booking.messages.schemas import MessageAnswer, ReadingAnswer, ReadingsAnswer
from shared.auth import Staff
from shared.door import Session, router
from shared.tenancy import TenantPath

api = router("booking")


@api.get("/bookings/{booking_id}/message")
async def read(
    booking_id: UUID, tenant: TenantPath, session: Session, caller: Staff, request: Request
) -> MessageAnswer:
    """What the citizen wrote, for their adviser. Reading it leaves a trace."""
    booking = await bookings.get(session, tenant, booking_id)
    message = await usecases.read(session, booking, caller, request.app.state.seals)
    return MessageAnswer(booking_id=booking.id, message=message)


@api.get("/bookings/{booking_id}/message/readings")
async def list_readings(booking_id: UUID, tenant: TenantPath, session: Session, caller: Staff) -> ReadingsAnswer:
    """Who has read it, and when; also after it was deleted."""
    booking = await bookings.get(session, tenant, booking_id)
    found = await repository.readings(session, tenant, booking.id)
    return ReadingsAnswer(items=[ReadingAnswer.model_validate(each) for each in found])
