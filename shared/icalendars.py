"""iCalendar (RFC 5545): feeds that a program subscribes to, and invitations that a mail carries (RFC 5546).

An entry keeps its UID for ever, and its SEQUENCE rises with each change, so that a program moves what it shows instead
of showing it twice. What is cancelled stays in a feed as cancelled: programs keep what merely disappears. No attendee
is ever in a feed, and none but its reader in an invitation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from functools import cache
from typing import Any, Literal, cast
from uuid import NAMESPACE_URL, UUID, uuid5

from icalendar import Calendar, Event, Timezone, vCalAddress
from icalendar.enums import STATUS

from shared.clock import DANISH, now
from shared.printable import printable

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
    # It has days and no clock: those of the Danish calendar from the one moment up to the other.
    all_day: bool = False
    # How it repeats (RFC 5545 RRULE), in the parts that the library takes: `{"FREQ": "WEEKLY", "BYDAY": "TU"}`.
    repeats: Mapping[str, Any] | None = None


def feed(name: str, entries: Sequence[Entry], service: str = "booking") -> bytes:
    calendar = Calendar.new(
        name=name,
        prodid=f"-//Kompas//{service}//DA",
        language="da",
        method="PUBLISH",
        refresh_interval=REFRESH,
        uid=uuid5(NAMESPACE_URL, name),
    )
    calendar.add("x-wr-timezone", DANISH.key)
    calendar.add_component(_zone())
    calendar.subcomponents += [_event(entry) for entry in entries]
    return bytes(calendar.to_ical())


def invitation(entry: Entry, method: Literal["REQUEST", "CANCEL"], organiser: Address, attendee: str) -> str:
    """For one person, whom nobody asks to answer: their seat is theirs already, and our mailbox is read by nobody."""
    event = _event(entry)
    event.add("organizer", vCalAddress.new(organiser.addr_spec, cn=organiser.display_name))
    event.add("attendee", vCalAddress.new(attendee, partstat="ACCEPTED", rsvp=False))
    calendar = Calendar.new(prodid="-//Kompas//notify//DA", language="da", method=method)
    calendar.add_component(_zone())
    calendar.add_component(event)
    return str(calendar.to_ical().decode())


def uid_of(tenant: str, id: UUID) -> str:
    """The name of one thing in every calendar that shows it."""
    return f"{id}@{tenant}.kompas"


@cache
def _zone() -> Timezone:
    return cast("Timezone", Timezone.from_ical(ZONE))


def _event(entry: Entry) -> Event:
    """At Danish clock times with their zone: an evening at seven stays at seven, wherever it is read."""
    start, end = (at.astimezone(DANISH) for at in (entry.starts_at, entry.ends_at))
    event = Event.new(
        uid=entry.uid,
        stamp=entry.changed_at or now(),
        last_modified=entry.changed_at,
        sequence=entry.sequence,
        start=start.date() if entry.all_day else start,
        end=end.date() if entry.all_day else end,
        summary=printable(entry.summary),
        status=entry.status,
        location=entry.location and printable(entry.location),
        description=entry.description and printable(entry.description),
        url=entry.url,
        categories=entry.categories,
    )
    if entry.repeats:
        event.add("rrule", entry.repeats)
    return event
