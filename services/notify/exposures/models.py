"""The exposures' table: who of a register has been shown its material."""

from datetime import date
from uuid import UUID

from services.notify.models import Thing


class Exposure(Thing, table=True):
    __tablename__ = "exposures"

    in_register: str
    stakeholder_id: UUID
    material: str
    channel: str
    exposed_on: date
