"""Holds as they are asked for and answered."""

from datetime import datetime
from uuid import UUID

from shared.inputs import Moment
from shared.validation import Answer, Body


class NewHold(Body):
    resource_id: UUID
    starts_at: Moment
    ends_at: Moment


class HoldMade(Answer):
    """`hold_token` goes with the booking that the form becomes; until `held_until` nobody else gets the time."""

    id: UUID
    resource_id: UUID
    starts_at: datetime
    ends_at: datetime
    held_until: datetime
    hold_token: str
