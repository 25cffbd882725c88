"""Contact roles as they are sent and answered: to staff, and to the organisation itself."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import field_validator

from services.directory.contacts.models import Role
from services.directory.inputs import Phone
from services.directory.schemas import ThingAnswer
from shared.errors import Wrong
from shared.inputs import Address, ContactDetails, Language, Line
from shared.validation import Answer, Body


class NewContact(ContactDetails):
    """`funding_news`: whether they would have letters about funders' deadlines."""

    role: Role
    funding_news: bool = True


class ContactChange(Body):
    """Only the fields that are sent change."""

    role: Role | None = None
    name: Line | None = None
    email: Address | None = None
    phone: Phone | None = None
    language: Language | None = None
    funding_news: bool | None = None

    @field_validator("role", "name", "email", "language", "funding_news")
    @classmethod
    def _kept(cls, value: Any) -> Any:
        if value is None:
            raise Wrong("skal udfyldes", "is required")
        return value


class ContactAnswer(ThingAnswer):
    organisation_id: UUID
    role: Role
    contact_id: UUID
    name: str
    email: str
    phone: str | None
    language: str
    funding_news: bool
    ended_on: date | None


class Contacts(Answer):
    """All who speak for the organisation now; there are never so many that they need pages."""

    items: list[ContactAnswer]
