"""The volunteers' tables: who would help with what, and, apart from it, where they are reached."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, LargeBinary, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.matching.models import Table, Thing
from services.matching.volunteers.rules import VolunteerState
from shared.aggregate import listed, moment
from shared.ids import uuid7


class Contact(Table, table=True):
    __tablename__ = "contacts"

    tenant: str
    id: UUID = Field(default_factory=uuid7, primary_key=True)
    name: str
    email: str
    phone: str | None = None
    language: str


class Volunteer(Thing, table=True):
    __tablename__ = "volunteers"

    state: VolunteerState = Field(VolunteerState.REGISTERED, sa_column=listed(VolunteerState))
    interests: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    locality: str | None = None
    languages: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    contact_id: UUID | None = None
    token_digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    registered_at: datetime = Field(sa_column=moment())
    withdrawn_at: datetime | None = Field(None, sa_column=moment(nullable=True))
