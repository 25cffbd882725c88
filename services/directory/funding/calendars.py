"""Funders' deadlines as a calendar that a program subscribes to. Pure."""

from collections.abc import Sequence
from datetime import timedelta

from icalendar.enums import STATUS

from services.directory.funders.models import Deadline
from shared.clock import start_of_day
from shared.icalendars import Entry, feed, uid_of


def calendar(tenant: str, told: Sequence[tuple[Deadline, str]]) -> bytes:
    """Each stands on its whole day; staff's notes stay out."""
    entries = [
        Entry(
            uid=uid_of(tenant, deadline.id),
            sequence=deadline.version,
            starts_at=start_of_day(deadline.due_on),
            ends_at=start_of_day(deadline.due_on + timedelta(days=1)),
            all_day=True,
            summary=f"Ansøgningsfrist: {deadline.title} ({funder})",
            status=STATUS.CANCELLED if deadline.removed_on else STATUS.CONFIRMED,
            url=deadline.website,
        )
        for deadline, funder in told
    ]
    return feed(f"Ansøgningsfrister · {tenant}", entries, "directory")
