"""Rules for asking again and again: a recurrence rule read on a Danish wall clock. Pure."""

import re
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import NamedTuple

from dateutil.rrule import rrulestr

from services.booking.resources.rules import Period, exists, instant
from shared.clock import DANISH
from shared.errors import Invalid

# Two years of weeks, or a season of days; more is asked for in two requests.
MOST = 200
HORIZON = timedelta(days=730)
PART = re.compile(
    r"FREQ=(?:DAILY|WEEKLY|MONTHLY|YEARLY)|INTERVAL=[1-9][0-9]?|COUNT=[1-9][0-9]{0,2}|UNTIL=[0-9]{8}(?:T[0-9]{6}Z?)?"
    r"|BYDAY=[A-Z0-9,+-]{2,60}|BYMONTHDAY=[0-9,-]{1,90}|BYMONTH=[0-9,]{1,30}|BYSETPOS=-?[1-9]|WKST=(?:MO|SU)"
)


class Occurrence(NamedTuple):
    """One of the times; `real` is false in the spring night when the clock skips it."""

    period: Period
    real: bool


def occurrences(rule: str, first: Period) -> list[Occurrence]:
    """Every time the rule names, the first one included, on a wall clock: ten o'clock stays ten o'clock.

    `UNTIL` is read on the wall clock too, and a mere date includes that day. A rule without end is refused.
    """
    parts = _parts(rule)
    start = _wall(first.starts_at)
    length = _wall(first.ends_at) - start
    until = _until(parts.pop("UNTIL")) if "UNTIL" in parts else None
    count = int(parts.pop("COUNT")) if "COUNT" in parts else None
    if until is None and count is None:
        raise Invalid.field("rule", "mangler COUNT eller UNTIL", "has neither COUNT nor UNTIL")
    # With an end in any case: a rule that never comes true would be followed to the year 9999.
    end = min(until or start + HORIZON, start + HORIZON)
    try:
        written = ";".join(f"{name}={value}" for name, value in parts.items())
        walls = rrulestr(f"{written};UNTIL={end:%Y%m%dT%H%M%S}", dtstart=start)
        found = list(islice(walls, min(count or MOST + 1, MOST + 1)))
    except (ValueError, TypeError, KeyError, IndexError):  # The library raises all of these for what it cannot read.
        raise _unreadable() from None
    if (until and until > start + HORIZON) or (until is None and len(found) < (count or 0) <= MOST):
        raise Invalid.field("rule", "må højst række to år frem", "may reach two years ahead at most")
    if not found or found[0] != start:
        raise Invalid.field("rule", "skal begynde med 'starts_at'", "must begin with 'starts_at'")
    if len(found) > MOST or (count or 0) > MOST:
        raise Invalid.field("rule", f"må højst give {MOST} gange", f"may give {MOST} times at most")
    return [Occurrence(Period(instant(wall), instant(wall + length)), exists(wall)) for wall in found]


def _parts(rule: str) -> dict[str, str]:
    pieces = rule.strip().removeprefix("RRULE:").rstrip(";").split(";")
    if not all(PART.fullmatch(piece) for piece in pieces):
        raise _unreadable()
    parts = dict(piece.split("=", 1) for piece in pieces)
    if len(parts) < len(pieces) or "FREQ" not in parts:
        raise _unreadable()
    return parts


def _unreadable() -> Invalid:
    return Invalid.field(
        "rule",
        "er ikke en regel, vi kan læse, fx FREQ=WEEKLY;BYDAY=MO;UNTIL=20271130",
        "is no rule that we can read, e.g. FREQ=WEEKLY;BYDAY=MO;UNTIL=20271130",
    )


def _until(written: str) -> datetime:
    try:
        if "T" not in written:
            return datetime.combine(date.fromisoformat(written), time(23, 59, 59))
        if written.endswith("Z"):
            return _wall(datetime.fromisoformat(written))
        return datetime.fromisoformat(written)
    except ValueError:
        raise _unreadable() from None


def _wall(moment: datetime) -> datetime:
    return moment.astimezone(DANISH).replace(tzinfo=None)
