"""Rules for initiatives. Pure."""

from collections.abc import Sequence
from datetime import date

from shared.events.directory import InitiativeStarted, Partner


def started(partners: Sequence[Partner], area: str | None, on: date) -> InitiativeStarted:
    """The fact; what the partners are is repeated each once and sorted, in whatever order they were named."""
    return InitiativeStarted(
        partners=list(partners),
        units=sorted({partner.unit for partner in partners if partner.unit}),
        sectors=sorted({partner.sector for partner in partners}),
        area=area,
        started_on=on,
    )
