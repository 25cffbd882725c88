"""Bookings as they are sent and answered. Only staff are answered who somebody is."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints

from services.booking.bookings.rules import BookingState
from services.booking.resources.schemas import PeriodAnswer
from services.booking.schemas import ContactDetails
from shared.events.bookings import CancelledBy, Channel, Purpose, ResourceKind
from shared.events.notify import MessageChannel
from shared.inputs import Moment, Place, Reason, composed
from shared.validation import Answer, Body

Message = Annotated[str, StringConstraints(max_length=2_000), BeforeValidator(composed)]
HoldToken = Annotated[str, Field(max_length=200)]


class NewBooking(Body):
    """`hold_token` is what a hold answered; `locality`, if sent, must be where the slot said it is.

    `message` is for the adviser alone: kept encrypted, read by nobody else, deleted some weeks after the conversation.
    """

    resource_id: UUID
    starts_at: Moment
    ends_at: Moment
    purpose: Purpose | None = None
    contact: ContactDetails | None = None
    organisation_id: UUID | None = None
    channel: Channel | None = None
    locality: Place | None = None
    hold_token: HoldToken | None = None
    message: Message | None = None


class NewTime(Body):
    starts_at: Moment
    ends_at: Moment


class Declination(Body):
    """Why not; whoever asked may read it."""

    reason: Reason | None = None


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
    series_id: UUID | None
    locality: str | None
    moves: int


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
    prefers: MessageChannel | None


class BookingShown(BookingAnswer):
    """One booking; `contact` and `cancel_reason` are null to whoever is not staff.

    `changeable` says whether whoever asks may move it or give it back now, notice included.
    """

    resource: ResourceShown
    cancelled_by: CancelledBy | None
    contact: ContactAnswer | None
    cancel_reason: str | None
    decline_reason: str | None
    changeable: bool
    has_message: bool


class TimesAnswer(Answer):
    items: list[PeriodAnswer]
