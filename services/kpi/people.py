"""Numbers that people supply: what observations and surveys have in common."""

from datetime import date

from shared.auth import Principal
from shared.clock import today
from shared.errors import Invalid


def dated(given: date | None, caller: Principal, field: str) -> date:
    """The day a person gives for what they tell; without one, today. Yesterday's are for staff to record."""
    day = given or today()
    if day > today():
        raise Invalid.field(field, "må ikke ligge i fremtiden", "must not lie in the future")
    if day < today() and not caller.is_staff:
        raise Invalid.field(
            field, "kan kun være en tidligere dag, når centret registrerer den", "may only be in the past for staff"
        )
    return day
