"""Places in the line as they are asked for and answered."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.booking.bookings.schemas import ResourceShown
from services.booking.offers.models import Offer
from services.booking.schemas import ContactDetails
from services.booking.waiting.models import Waiting
from services.booking.waiting.rules import WaitingState
from shared.events.bookings import Channel, Purpose
from shared.inputs import Moment
from shared.validation import Answer, Body


class NewWaiting(Body):
    """Any time that begins from `earliest` up to and without `latest`, as long as `minutes` (one slot)."""

    resource_id: UUID
    earliest: Moment
    latest: Moment
    minutes: Annotated[int, Field(strict=True, ge=5, le=1440)] | None = None
    purpose: Purpose | None = None
    contact: ContactDetails
    organisation_id: UUID | None = None
    channel: Channel | None = None


class OfferAnswer(Answer):
    starts_at: datetime
    ends_at: datetime
    locality: str | None
    answer_by: datetime


class WaitingAnswer(Answer):
    id: UUID
    version: int
    state: WaitingState
    resource_id: UUID
    earliest: datetime
    latest: datetime
    minutes: int
    offer: OfferAnswer | None
    booking_id: UUID | None
    series_id: UUID | None


class WaitingMade(WaitingAnswer):
    manage_token: str


class WaitingShown(WaitingAnswer):
    resource: ResourceShown


class OfferTaken(WaitingShown):
    """`manage_token` is that of the new booking."""

    manage_token: str


def offer_of(offer: Offer | None) -> OfferAnswer | None:
    return OfferAnswer.model_validate(offer) if offer else None


def answer_of(waiting: Waiting, offer: Offer | None) -> WaitingAnswer:
    return WaitingAnswer.model_validate({**waiting.model_dump(), "offer": offer_of(offer)})
