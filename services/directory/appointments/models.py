"""The appointments' table: who holds a post. Persons; their names are in no event, log or URL."""

from datetime import date
from uuid import UUID

from sqlmodel import Field

from services.directory.models import Thing
from shared.aggregate import listed
from shared.events.registers import AppointmentRole


class Appointment(Thing, table=True):
    __tablename__ = "appointments"

    body_id: UUID | None = None
    role: AppointmentRole = Field(sa_column=listed(AppointmentRole))
    name: str
    locality: str | None = None
    # Whom they speak for there, if anybody.
    organisation_id: UUID | None = None
    started_on: date
    ended_on: date | None = None
