"""Rules for the times that a wish names in a season, on a Danish wall clock. Pure."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from services.booking.resources.rules import Days, Period, instant
from services.booking.series.rules import Occurrence, occurrences

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Weeks(StrEnum):
    """Of every week, or of those whose ISO number is even or odd (lige og ulige uger)."""

    EVERY = "every"
    EVEN = "even"
    ODD = "odd"


def written(weekday: int, weeks: Weeks, season: Days) -> str:
    """A weekday of a season as an RRULE. Parity by week numbers, not by INTERVAL=2: a year of 53 weeks has two odd
    ones in a row."""
    end = f"BYDAY={WEEKDAYS[weekday]};UNTIL={season.last:%Y%m%d}"
    if weeks is Weeks.EVERY:
        return f"FREQ=WEEKLY;{end}"
    numbers = range(2 if weeks is Weeks.EVEN else 1, 54, 2)
    return f"FREQ=YEARLY;BYWEEKNO={','.join(map(str, numbers))};{end}"


def weekly(weekday: int, weeks: Weeks, season: Days, opens: timedelta, closes: timedelta) -> list[Occurrence]:
    """Every time on that weekday in the season, on a Danish wall clock."""
    first = season.first + timedelta(days=(weekday - season.first.weekday()) % 7)
    if first > season.last:
        return []
    every = occurrences(written(weekday, Weeks.EVERY, season), clocked(first, opens, closes))
    if weeks is Weeks.EVERY:
        return every
    odd = weeks is Weeks.ODD
    days = [first + timedelta(weeks=n) for n in range(len(every))]
    return [time for day, time in zip(days, every, strict=True) if day.isocalendar().week % 2 == odd]


def clocked(day: date, opens: timedelta, closes: timedelta) -> Period:
    """From one clock to another on a Danish day; 24:00 is midnight at its end."""
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 -- What the clock on the wall shows.
    return Period(instant(midnight + opens), instant(midnight + closes))
