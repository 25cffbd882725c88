"""When a calendar says that its owner is busy, and nothing else of it.

What strangers write can be made to cost hours (a rule that never comes true) or all memory. So it is read by a process
of its own, with a limit to both, and without the environment in which our secrets are.
"""

import asyncio
import json
import os
import resource
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice, takewhile
from typing import Any

from dateutil.rrule import rrulestr
from icalendar import Calendar

from services.booking.outside.rules import MOST_PERIODS, CannotRead, Failure, joined
from services.booking.resources.rules import Period
from shared.clock import DANISH

SECONDS, MEMORY = 10, 2**30


async def read(content: bytes, window: Period) -> list[Period]:
    """The busy periods of an iCalendar file that lie in the window, those that touch as one."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        __name__,
        *(at.isoformat() for at in window),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    try:
        async with asyncio.timeout(4 * SECONDS):
            written, _ = await process.communicate(content)
    except TimeoutError:
        raise CannotRead(Failure.TOO_SLOW) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise CannotRead(Failure.TOO_SLOW if process.returncode < 0 else Failure.NO_CALENDAR)
    return [Period(*map(datetime.fromisoformat, each)) for each in json.loads(written)]


def busy(content: bytes, window: Period) -> list[Period]:
    calendar = Calendar.from_ical(content)
    if calendar.name != "VCALENDAR":
        raise ValueError("no calendar")
    events: list[Any] = calendar.walk("VEVENT")
    # An occurrence that was moved is an event of its own, and no longer where the rule has it.
    moved = {(event.get("uid"), _instant(event["recurrence-id"].dt)) for event in events if "recurrence-id" in event}
    found: list[Period] = []
    for event in events:
        if event.get("transp") != "TRANSPARENT" and event.get("status") != "CANCELLED":
            found += islice(_periods(event, moved, window), MOST_PERIODS)
    return joined(found)


def _periods(event: Any, moved: set[tuple[Any, datetime]], window: Period) -> Iterator[Period]:
    first = event["dtstart"].dt
    zone = _zone_of(first)
    start = _wall(first, zone)
    length = _length(event, first, start, zone)
    recurs = "recurrence-id" not in event
    gone = {_instant(each.dt) for listed in _all(event, "exdate") for each in listed.dts} if recurs else set()
    if recurs:
        gone |= {at for uid, at in moved if uid == event.get("uid")}
    for wall in _starts(event, start, zone, window, length) if recurs else [start]:
        # On its own wall clock: what begins at ten there does so in winter and in summer.
        period = Period(_real(wall, zone), _real(wall + length, zone))
        overlaps = period.starts_at < window.ends_at and period.ends_at > window.starts_at
        if overlaps and period.starts_at < period.ends_at and period.starts_at not in gone:
            yield period


def _starts(event: Any, start: datetime, zone: tzinfo, window: Period, length: timedelta) -> Iterator[datetime]:
    end = _wall(window.ends_at, zone)
    if "rrule" not in event:
        yield start
    for rule in _all(event, "rrule"):
        parts = {name: value for name, value in rule.items() if name != "UNTIL"}
        until = min([end, *(_until(each, zone) for each in rule.get("UNTIL", []))])
        written = type(rule)(parts).to_ical().decode()
        yield from takewhile(until.__ge__, rrulestr(written, dtstart=start))
    for listed in _all(event, "rdate"):
        yield from (_wall(each.dt[0] if isinstance(each.dt, tuple) else each.dt, zone) for each in listed.dts)


def _length(event: Any, first: date, start: datetime, zone: tzinfo) -> timedelta:
    if "dtend" in event:
        return _wall(event["dtend"].dt, zone) - start
    if "duration" in event:
        return timedelta(seconds=event["duration"].dt.total_seconds())
    return timedelta() if isinstance(first, datetime) else timedelta(days=1)


def _until(given: date, zone: tzinfo) -> datetime:
    return _wall(given, zone) if isinstance(given, datetime) else datetime.combine(given, time.max)


def _all(event: Any, name: str) -> list[Any]:
    given = event.get(name, [])
    return given if isinstance(given, list) else [given]


def _zone_of(given: date) -> tzinfo:
    """What names no zone, and every whole day, is meant where we are."""
    return (given.tzinfo if isinstance(given, datetime) else None) or DANISH


def _wall(given: date, zone: tzinfo) -> datetime:
    if not isinstance(given, datetime):
        return datetime.combine(given, time())
    return (given.astimezone(zone) if given.tzinfo else given).replace(tzinfo=None)


def _real(wall: datetime, zone: tzinfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)


def _instant(given: date) -> datetime:
    return _real(_wall(given, _zone_of(given)), _zone_of(given))


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    begin, end = map(datetime.fromisoformat, sys.argv[1:])
    found = busy(sys.stdin.buffer.read(), Period(begin, end))
    print(json.dumps([[at.isoformat() for at in period] for period in found]))


if __name__ == "__main__":
    main()
