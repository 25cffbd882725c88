"""When an activity is, as HSDS's schedules say it: iCalendar's words, and the clock with its offset. Pure."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid5

from shared.clock import DANISH

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
EVERY: dict[str, tuple[str, int, str]] = {
    "week": ("WEEKLY", 1, ""),
    "two_weeks": ("WEEKLY", 2, ""),
    "month_first": ("MONTHLY", 1, "1"),
    "month_last": ("MONTHLY", 1, "-1"),
}
# HSDS has an offset and no zone, and a series of times has two offsets a year.
ALL_YEAR = "Klokkeslættene er dansk tid (Europe/Copenhagen) hele året, også når forskydningen fra UTC skifter."
# Of a series that says no day: Danish standard time.
A_WINTER_DAY = date(2000, 1, 1)


def schedules(activity_id: UUID, written: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [_schedule(activity_id, number, one) for number, one in enumerate(written)]


def _schedule(activity_id: UUID, number: int, one: dict[str, Any]) -> dict[str, Any]:
    first = one.get("date") or one.get("valid_from")
    hours = _offset(date.fromisoformat(first) if first else A_WINTER_DAY, one["from"])
    told = {
        "id": str(uuid5(activity_id, f"schedule:{number}")),
        "service_id": str(activity_id),
        "dtstart": first,
        "timezone": hours,
        "wkst": "MO",
        "opens_at": f"{one['from']}+0{hours}:00",
        "closes_at": f"{one['to']}+0{hours}:00",
    }
    if one.get("date"):
        told |= {"valid_from": first, "valid_to": first, "count": 1}
    else:
        freq, interval, which = EVERY[one.get("every") or "week"]
        told |= {
            "freq": freq,
            "interval": interval,
            "byday": which + DAYS[one["weekday"]],
            "valid_from": first,
            "valid_to": one.get("valid_to"),
            "until": one.get("valid_to"),
            "notes": ALL_YEAR,
        }
    return {name: value for name, value in told.items() if value is not None}


def _offset(day: date, clock: str) -> int:
    """Whole hours from UTC at that time of that day in Denmark."""
    offset = datetime.combine(day, time.fromisoformat(clock), tzinfo=DANISH).utcoffset()
    return round(offset.total_seconds() / 3600) if offset else 0
