"""Recurring requests as they are asked for and answered."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.booking.bookings.schemas import ResourceShown
from services.booking.resources.schemas import PeriodAnswer
from services.booking.schemas import ContactDetails
from services.booking.waiting.schemas import OfferAnswer
from shared.events.bookings import Channel, Purpose
from shared.inputs import Moment
from shared.validation import Answer, Body


class NewSeries(Body):
    """The first time, and the rule by which it comes again (RFC 5545's RRULE, read on a Danish wall clock)."""

    resource_id: UUID
    starts_at: Moment
    ends_at: Moment
    rule: Annotated[str, Field(min_length=1, max_length=300, examples=["FREQ=WEEKLY;BYDAY=MO;UNTIL=20271130"])]
    purpose: Purpose | None = None
    contact: ContactDetails | None = None
    organisation_id: UUID | None = None
    channel: Channel | None = None


class OccurrenceAnswer(Answer):
    """One of the times. `state` is that of its booking, or `refused`; then `reason` says why (the problem's name),
    `alternatives` what was free instead, and `offer` what has become free since."""

    starts_at: datetime
    ends_at: datetime
    state: str
    booking_id: UUID | None
    reason: str | None
    alternatives: list[PeriodAnswer]
    waiting_id: UUID | None
    offer: OfferAnswer | None


class SeriesListed(Answer):
    id: UUID
    version: int
    resource_id: UUID
    rule: str
    purpose: Purpose
    channel: Channel
    organisation_id: UUID | None
    first_starts_at: datetime
    last_ends_at: datetime


class SeriesShown(SeriesListed):
    resource: ResourceShown
    booked: int
    refused: int
    occurrences: list[OccurrenceAnswer]


class SeriesMade(SeriesShown):
    manage_token: str
