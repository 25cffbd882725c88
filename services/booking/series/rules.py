"""Rules for asking again and again: a recurrence rule read on a Danish wall clock. Pure."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import NamedTuple

from dateutil.rrule import rrulestr

from services.booking.resources.rules import Period, exists, instant
from shared.clock import DANISH
from shared.errors import Invalid
from shared.events.bookings import RefusalCause

# Two years of weeks, or a season of days; more is asked for in two requests.
MOST = 200
HORIZON = timedelta(days=730)
DAY = "(?:MO|TU|WE|TH|FR|SA|SU)"
WRITTEN = {
    "INTERVAL": r"[1-9][0-9]?",
    "COUNT": r"[1-9][0-9]{0,2}",
    "UNTIL": r"[0-9]{8}(?:T[0-9]{6}Z?)?",
    "WKST": DAY,
}
# What a centre's season needs and no more. The library follows a rule that never comes true to the year 9999, which
# takes ten seconds, so those that could be one are not read at all.
FREQUENCIES: dict[str, dict[str, str]] = {
    "DAILY": WRITTEN,
    "WEEKLY": WRITTEN | {"BYDAY": f"{DAY}(?:,{DAY}){{0,6}}"},
    "MONTHLY": WRITTEN | {"BYDAY": f"-?[1-4]{DAY}(?:,-?[1-4]{DAY}){{0,6}}", "BYMONTHDAY": "-?(?:[1-9]|1[0-9]|2[0-8])"},
}


NO_SUCH_TIME, NOT_OPEN = "no-such-time", "not-open"
# The problems that refuse a time, as everybody hears of them.
CAUSES = {
    "slot-taken": RefusalCause.TAKEN,
    NOT_OPEN: RefusalCause.NOT_OPEN,
    NO_SUCH_TIME: RefusalCause.NO_SUCH_TIME,
    "quota-used": RefusalCause.QUOTA_USED,
    "not-open-to-you": RefusalCause.NOT_OPEN_TO_YOU,
}


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


def told_as(reason: str) -> RefusalCause:
    return CAUSES.get(reason, RefusalCause.OTHER)


def weekdays(periods: Iterable[Period]) -> list[int]:
    """Their Danish weekdays in order, each once; Monday is 1."""
    return sorted({_wall(period.starts_at).isoweekday() for period in periods})


def _parts(rule: str) -> dict[str, str]:
    pieces = [piece.partition("=") for piece in rule.strip().removeprefix("RRULE:").rstrip(";").split(";")]
    parts = {name: value for name, _, value in pieces}
    readable = FREQUENCIES.get(parts.get("FREQ", ""), {}) | {"FREQ": "[A-Z]+"}
    if len(parts) < len(pieces) or {"BYDAY", "BYMONTHDAY"} <= set(parts):
        raise _unreadable()
    if not all(name in readable and re.fullmatch(readable[name], value) for name, value in parts.items()):
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
