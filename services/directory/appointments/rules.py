"""Rules for appointments. Pure."""

from uuid import UUID

from shared.errors import Invalid
from shared.events.registers import AppointmentRole

# What somebody is by themselves; every other post is one in a body.
ALONE = frozenset({AppointmentRole.AMBASSADOR, AppointmentRole.ANCHOR_PERSON})


def seated(role: AppointmentRole, body_id: UUID | None) -> None:
    if role in ALONE and body_id is not None:
        raise Invalid.field("body_id", "ambassadører og ankerpersoner har intet organ", "such a post has no body")
    if role not in ALONE and body_id is None:
        raise Invalid.field("body_id", "skal udfyldes", "is required")
