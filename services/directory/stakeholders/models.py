"""The registers' table: who the centre counts among those it wants to reach with something."""

from datetime import date

from sqlalchemy import Column, Text
from sqlmodel import Field

from services.directory.models import Thing
from shared.aggregate import listed
from shared.events.kinds import Sector


class Stakeholder(Thing, table=True):
    __tablename__ = "stakeholders"

    in_register: str = Field(sa_column=Column("register", Text, nullable=False))
    name: str
    sector: Sector = Field(sa_column=listed(Sector))
    designated_on: date
    removed_on: date | None = None
