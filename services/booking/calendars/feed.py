"""Calendars as iCalendar (RFC 5545): what a calendar program subscribes to. No attendee is ever in one.

An entry keeps its UID for ever, and its SEQUENCE rises with each change, so that a program moves what it shows instead
of showing it twice. What is cancelled stays in the feed as cancelled: programs keep what merely disappears.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import cast
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event, Timezone
from icalendar.enums import STATUS

from shared.clock import DANISH, now

# How often a program should ask again: an adviser's next conversation may be booked at any time.
REFRESH = timedelta(minutes=30)

# Written out by its rules, as programs have read them for thirty years. The library would list single changes instead,
# those of spring an hour late, and other libraries then read a summer's evening as a winter's.
ZONE = """\
BEGIN:VTIMEZONE
TZID:Europe/Copenhagen
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""


@dataclass(frozen=True)
class Entry:
    """One thing in a calendar; `sequence` is 0 when it is new."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    # Where it is not known, the SEQUENCE alone says that something has changed.
    changed_at: datetime | None = None
    status: STATUS = STATUS.CONFIRMED
    location: str | None = None
    description: str | None = None
    url: str | None = None
    categories: Sequence[str] = ()


def write(name: str, entries: Sequence[Entry]) -> bytes:
    calendar = Calendar.new(
        name=name,
        prodid="-//Kompas//booking//DA",
        language="da",
        method="PUBLISH",
        refresh_interval=REFRESH,
        uid=uuid5(NAMESPACE_URL, name),
    )
    calendar.add("x-wr-timezone", DANISH.key)
    calendar.add_component(_zone())
    calendar.subcomponents += [_event(entry) for entry in entries]
    return bytes(calendar.to_ical())


@cache
def _zone() -> Timezone:
    return cast("Timezone", Timezone.from_ical(ZONE))


def _event(entry: Entry) -> Event:
    """At Danish clock times with their zone: an evening at seven stays at seven, wherever it is read."""
    return Event.new(
        uid=entry.uid,
        stamp=entry.changed_at or now(),
        last_modified=entry.changed_at,
        sequence=entry.sequence,
        start=entry.starts_at.astimezone(DANISH),
        end=entry.ends_at.astimezone(DANISH),
        summary=entry.summary,
        status=entry.status,
        location=entry.location,
        description=entry.description,
        url=entry.url,
        categories=entry.categories,
    )
