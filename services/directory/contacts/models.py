"""The contact roles' table: who speaks for an organisation. Persons; nothing of it is in an event, log or URL."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field

from services.directory.models import Thing
from shared.aggregate import listed
from shared.ids import uuid7


class Role(StrEnum):
    """`editor` may change the entry, `chair` (forperson) and `contact` (kontaktperson) are whom others turn to."""

    EDITOR = "editor"
    CHAIR = "chair"
    CONTACT = "contact"


class ContactRole(Thing, table=True):
    __tablename__ = "contact_roles"

    organisation_id: UUID
    role: Role = Field(sa_column=listed(Role))
    contact_id: UUID = Field(default_factory=uuid7)
    name: str
    email: str
    phone: str | None = None
    language: str = "da"
    # Whether they would have letters about funders' deadlines, where it is they who speak for the organisation.
    funding_news: bool = True
    ended_on: date | None = None
