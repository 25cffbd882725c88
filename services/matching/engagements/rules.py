"""Rules for what companies do. Pure."""

from datetime import date
from enum import StrEnum

from shared.errors import Conflict, Invalid, Text

# Nobody records what was before this; an earlier day is a slip of the finger (0203 for 2023).
EARLIEST = date(2000, 1, 1)


class EngagementState(StrEnum):
    AGREED = "agreed"
    HELD = "held"


class AlreadyHeld(Conflict):
    slug = "already-held"
    title = Text("Den er allerede afholdt", "It has already been held")


def helped(company_id: object, organisation_id: object) -> None:
    if company_id == organisation_id:
        raise Invalid.field("organisation_id", "er virksomheden selv", "is the company itself")


def day_held(held_on: date, *, today: date) -> date:
    """An event is a past fact, so never the future. It may lie before the agreement was entered: staff record late."""
    if held_on > today:
        raise Invalid.field("held_on", "må ikke ligge i fremtiden", "must not lie in the future")
    if held_on < EARLIEST:
        raise Invalid.field("held_on", f"må ikke ligge før {EARLIEST}", f"must not lie before {EARLIEST}")
    return held_on
