"""What staff do with posts: somebody takes one up, and gives it up again."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.appointments import repository
from services.directory.appointments.models import Appointment
from services.directory.appointments.rules import seated
from services.directory.appointments.schemas import NewAppointment
from services.directory.bodies import repository as bodies
from services.directory.bodies.models import Body
from services.directory.bodies.rules import BodyDissolved
from services.directory.conflicts import store
from services.directory.organisations import repository as organisations
from services.directory.rules import day_of_fact, not_ended
from shared import clock
from shared.aggregate import record
from shared.answers import Expected
from shared.errors import Invalid
from shared.events.registers import AppointmentEnded, AppointmentStarted


async def start(session: AsyncSession, tenant: str, new: NewAppointment) -> Appointment:
    seated(new.role, new.body_id)
    body = await _body(session, tenant, new.body_id)
    if new.organisation_id and await organisations.find(session, tenant, new.organisation_id) is None:
        raise Invalid.field("organisation_id", "findes ikke", "does not exist")
    day = day_of_fact(
        "started_on",
        new.started_on,
        today=clock.today(),
        may_backdate=True,
        not_before=body.established_on if body else None,
    )
    given = new.model_dump(exclude={"started_on", "organisation_id"})
    seat = await organisations.current(session, tenant, new.organisation_id)
    appointment = Appointment(tenant=tenant, started_on=day, organisation_id=seat, **given)
    session.add(appointment)
    await store(session)
    await record(session, appointment, AppointmentStarted(**_said(appointment, body), started_on=day), on=day)
    return appointment


async def end(session: AsyncSession, tenant: str, id: UUID, ended_on: date | None, expected: Expected) -> Appointment:
    """The post is remembered, and from when until when; the person is not."""
    appointment = await repository.get(session, tenant, id, lock=True)
    expected(appointment.version)
    not_ended(appointment.ended_on)
    day = day_of_fact("ended_on", ended_on, today=clock.today(), may_backdate=True, not_before=appointment.started_on)
    body = await bodies.find(session, tenant, appointment.body_id) if appointment.body_id else None
    await _end(session, appointment, body, day)
    return appointment


async def end_all(session: AsyncSession, body: Body, day: date) -> None:
    """End what is open when the body is dissolved; none of it before it began."""
    for appointment in await repository.open_of(session, body.tenant, body.id):
        await _end(session, appointment, body, max(day, appointment.started_on))


async def _body(session: AsyncSession, tenant: str, id: UUID | None) -> Body | None:
    if id is None:
        return None
    body = await bodies.find(session, tenant, id, lock=True)
    if body is None:
        raise Invalid.field("body_id", "findes ikke", "does not exist")
    if body.dissolved_on is not None:
        raise BodyDissolved
    return body


def _said(appointment: Appointment, body: Body | None) -> dict[str, Any]:
    """What every event about a post says: which one, and where its holder is from."""
    return {
        "role": appointment.role,
        "body_slug": body.slug if body else None,
        "body_kind": body.kind if body else None,
        "locality": appointment.locality,
    }


async def _end(session: AsyncSession, appointment: Appointment, body: Body | None, day: date) -> None:
    appointment.ended_on, appointment.name = day, ""
    appointment.version += 1
    await record(session, appointment, AppointmentEnded(**_said(appointment, body), ended_on=day), on=day)
