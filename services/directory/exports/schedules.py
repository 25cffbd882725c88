"""When an activity takes place, in words and in a calendar. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from babel.dates import get_day_names

from shared.clock import DANISH
from shared.errors import Language, Text

Schedule = Mapping[str, Any]
LOCALES = {"da": "da_DK", "en": "en_GB"}
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
EVERY = {
    "week": Text("", ""),
    "two_weeks": Text(" hver anden uge", " every second week"),
    "month_first": Text(" den første i måneden", " the first in the month"),
    "month_last": Text(" den sidste i måneden", " the last in the month"),
}


def in_words(schedules: Sequence[Schedule], language: Language) -> str:
    """`tirsdag 19:00-21:00; torsdag 10:00-12:00 hver anden uge`; an import reads it back."""
    return "; ".join(_said(each, language) for each in schedules)


def first_day(schedule: Schedule, since: date) -> date | None:
    """The first day on or after `since` that it takes place on; none, if its season is over before."""
    if single := schedule.get("date"):
        return date.fromisoformat(single)
    begins = date.fromisoformat(schedule["valid_from"]) if schedule.get("valid_from") else since
    day = begins + timedelta(days=(schedule["weekday"] - begins.weekday()) % 7)
    while not _in_month(schedule, day):
        day += timedelta(days=7)
    over = schedule.get("valid_to")
    return None if over and day > date.fromisoformat(over) else day


def times(schedule: Schedule, day: date) -> tuple[datetime, datetime]:
    """Danish clock times: seven in the evening stays seven through both nights on which the clock is moved."""
    begins, ends = (datetime.combine(day, time.fromisoformat(schedule[key]), DANISH) for key in ("from", "to"))
    return begins, ends


def rule(schedule: Schedule) -> dict[str, Any] | None:
    """How it repeats; nothing for a single time."""
    if schedule.get("date"):
        return None
    weekday = WEEKDAYS[schedule["weekday"]]
    match schedule.get("every"):
        case "two_weeks":
            repeats: dict[str, Any] = {"FREQ": "WEEKLY", "INTERVAL": 2, "BYDAY": weekday}
        case "month_first":
            repeats = {"FREQ": "MONTHLY", "BYDAY": f"1{weekday}"}
        case "month_last":
            repeats = {"FREQ": "MONTHLY", "BYDAY": f"-1{weekday}"}
        case _:
            repeats = {"FREQ": "WEEKLY", "BYDAY": weekday}
    if over := schedule.get("valid_to"):
        # UNTIL is a moment in UTC where the beginning has a zone (RFC 5545 §3.3.10): the last one's own beginning.
        last = datetime.combine(date.fromisoformat(over), time.fromisoformat(schedule["from"]), DANISH)
        repeats["UNTIL"] = last
    return repeats


def _in_month(schedule: Schedule, day: date) -> bool:
    match schedule.get("every"):
        case "month_first":
            return day.day <= 7
        case "month_last":
            return (day + timedelta(days=7)).month != day.month
        case _:
            return True


def _said(schedule: Schedule, language: Language) -> str:
    span = f"{schedule['from']}-{schedule['to']}"
    if single := schedule.get("date"):
        day = date.fromisoformat(single)
        return f"{day:%d-%m-%Y} {span}" if language == "da" else f"{single} {span}"
    name = get_day_names("wide", locale=LOCALES[language])[schedule["weekday"]]
    return f"{name} {span}{EVERY[schedule.get('every') or 'week'].read(language)}"
