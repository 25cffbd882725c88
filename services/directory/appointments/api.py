"""The appointments' door, for staff: boards, councils, ambassadors, anchor persons."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.directory.appointments import repository, usecases
from services.directory.appointments.schemas import AppointmentAnswer, Ending, NewAppointment
from shared.answers import IfMatch, answer, created
from shared.auth import Staff
from shared.door import Session, router
from shared.events.registers import AppointmentRole
from shared.inputs import composed
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

routes = router("directory")


@routes.post("/appointments", status_code=201)
async def start_appointment(
    tenant: TenantPath, session: Session, caller: Staff, body: NewAppointment, response: Response
) -> AppointmentAnswer:
    appointment = await usecases.start(session, tenant, body)
    return created(AppointmentAnswer, appointment, response, "directory", "appointments")


@routes.get("/appointments")
async def list_appointments(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    paging: Paging,
    body_id: UUID | None = None,
    role: AppointmentRole | None = None,
    locality: Annotated[str | None, Query(max_length=60)] = None,
    ended: Annotated[bool, Query(description="Also those that have ended; their names are forgotten.")] = False,
) -> Page[AppointmentAnswer]:
    filters = repository.Filters(body_id, role, composed(locality), ended)
    found, following = await repository.page(session, tenant, filters, paging)
    return Page(items=[AppointmentAnswer.model_validate(each) for each in found], next_cursor=following)


@routes.get("/appointments/{appointment_id}")
async def get_appointment(
    tenant: TenantPath, session: Session, caller: Staff, appointment_id: UUID, response: Response
) -> AppointmentAnswer:
    return answer(AppointmentAnswer, await repository.get(session, tenant, appointment_id), response)


@routes.post("/appointments/{appointment_id}/end")
async def end_appointment(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    appointment_id: UUID,
    expected: IfMatch,
    response: Response,
    body: Ending | None = None,
) -> AppointmentAnswer:
    """The person's name is forgotten."""
    ended_on = body.ended_on if body else None
    appointment = await usecases.end(session, tenant, appointment_id, ended_on, expected)
    return answer(AppointmentAnswer, appointment, response)
