"""Volunteers as they are sent and answered."""

from uuid import UUID

from pydantic import Field

from services.matching.volunteers.models import Contact, Volunteer
from services.matching.volunteers.rules import VolunteerState
from shared.events.fields import Instant
from shared.inputs import ContactDetails, Languages, Place, Words
from shared.validation import Answer, Body


class NewVolunteer(Body):
    """No interest named means: ask me about anything."""

    interests: Words
    locality: Place | None = None
    languages: Languages = Field(default_factory=lambda: ["da"])
    contact: ContactDetails


class RegisteredAnswer(Answer):
    """The token is answered here and nowhere else; we keep its digest only."""

    id: UUID
    version: int
    state: VolunteerState
    manage_token: str


class ContactAnswer(Answer):
    name: str
    email: str
    phone: str | None
    language: str


class VolunteerAnswer(Answer):
    id: UUID
    version: int
    state: VolunteerState
    interests: list[str]
    locality: str | None
    languages: list[str]
    contact: ContactAnswer | None
    registered_at: Instant
    withdrawn_at: Instant | None

    @classmethod
    def of(cls, volunteer: Volunteer, contact: Contact | None) -> "VolunteerAnswer":
        known = ContactAnswer.model_validate(contact) if contact else None
        return cls.model_validate({**volunteer.model_dump(), "contact": known})
