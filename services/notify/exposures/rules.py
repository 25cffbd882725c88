"""Rules for showing material to those it is meant for. Pure."""

from datetime import date

from shared.errors import Conflict, Invalid, Text

# Nobody records what was before this; an earlier day is a slip of the finger (0203 for 2023).
EARLIEST = date(2000, 1, 1)


class AlreadyRecorded(Conflict):
    """The same stakeholder, material and channel on the same day; `id` names the one that is there."""

    slug = "already-recorded"
    title = Text("Den eksponering er allerede registreret", "That exposure is already recorded")


def day_exposed(exposed_on: date | None, *, today: date) -> date:
    day = exposed_on or today
    if day > today:
        raise Invalid.field("exposed_on", "må ikke ligge i fremtiden", "must not lie in the future")
    if day < EARLIEST:
        raise Invalid.field("exposed_on", f"må ikke ligge før {EARLIEST}", f"must not lie before {EARLIEST}")
    return day
