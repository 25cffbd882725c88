"""Appointments as they are sent and answered, to staff only."""

from datetime import date
from uuid import UUID

from services.directory.schemas import ThingAnswer
from shared.events.registers import AppointmentRole
from shared.inputs import Day, Line, Place
from shared.validation import Body


class NewAppointment(Body):
    body_id: UUID | None = None
    role: AppointmentRole
    name: Line
    locality: Place | None = None
    organisation_id: UUID | None = None
    started_on: Day | None = None


class Ending(Body):
    ended_on: Day | None = None


class AppointmentAnswer(ThingAnswer):
    body_id: UUID | None
    role: AppointmentRole
    name: str
    locality: str | None
    organisation_id: UUID | None
    started_on: date
    ended_on: date | None
