"""Deliveries as they are answered: what became of them, and nothing of whom they were for."""

from uuid import UUID

from services.notify.deliveries.rules import Reason, State
from shared.events.fields import Instant
from shared.events.notify import MessageChannel, MessagePurpose
from shared.validation import Answer


class DeliveryAnswer(Answer):
    id: UUID
    version: int
    channel: MessageChannel
    purpose: MessagePurpose
    booking_id: UUID | None
    survey_id: UUID | None
    organisation_id: UUID | None
    state: State
    reason: Reason | None
    attempts: int
    created_at: Instant
    finished_at: Instant | None
