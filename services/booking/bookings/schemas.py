"""Bookings as they are sent and answered. Only staff are answered who somebody is."""

from datetime import datetime
from uuid import UUID

from services.booking.bookings.models import BookingState
from shared.events.booking import CancelledBy, Channel, Purpose, ResourceKind
from shared.inputs import ContactDetails, Moment
from shared.validation import Answer, Body


class NewBooking(Body):
    resource_id: UUID
    starts_at: Moment
    ends_at: Moment
    purpose: Purpose | None = None
    contact: ContactDetails | None = None
    organisation_id: UUID | None = None
    channel: Channel | None = None


class BookingAnswer(Answer):
    id: UUID
    version: int
    state: BookingState
    resource_id: UUID
    starts_at: datetime
    ends_at: datetime
    purpose: Purpose
    channel: Channel
    organisation_id: UUID | None


class BookingMade(BookingAnswer):
    manage_token: str


class ResourceShown(Answer):
    name: str
    kind: ResourceKind
    locality: str | None


class ContactAnswer(Answer):
    name: str
    email: str
    phone: str | None
    language: str


class BookingShown(BookingAnswer):
    """One booking; `contact` and `cancel_reason` are null to whoever is not staff."""

    resource: ResourceShown
    cancelled_by: CancelledBy | None
    contact: ContactAnswer | None
    cancel_reason: str | None
