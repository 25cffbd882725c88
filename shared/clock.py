"""The one place that reads the clock: everything stored is UTC, everything people mean is Danish."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

DANISH = ZoneInfo("Europe/Copenhagen")


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    """The date on a Danish wall calendar, which for an hour or two a day is not the UTC date."""
    return now().astimezone(DANISH).date()


def start_of_day(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=DANISH).astimezone(UTC)


def fact_time(on: date | None) -> datetime:
    """When a fact became true that somebody dates by day only.

    Noon stands for a past day: it is the same calendar day in UTC and in Denmark, so no reader can move the fact
    into a neighbouring week, quarter or year by forgetting the zone.
    """
    if on is None or on >= today():
        return now()
    return datetime.combine(on, time(12), tzinfo=DANISH).astimezone(UTC)
