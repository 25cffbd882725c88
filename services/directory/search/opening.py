"""When something takes place, as numbers that many thousand entries can be asked by at once. Pure."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

EVERY = {"week": 0, "two_weeks": 1, "month_first": 2, "month_last": 3}
NEVER, ALWAYS = 0, 10**7
DAY = 24 * 60

# weekday (-1: a single day), from, to (minutes of the day), every, first and last day (ordinals)
Time = tuple[int, int, int, int, int, int]


def times_of(schedules: Sequence[dict[str, Any]]) -> tuple[Time, ...]:
    found = []
    for each in schedules:
        start, end = _minutes(each["from"]), _minutes(each["to"])
        if each.get("date"):
            day = date.fromisoformat(each["date"]).toordinal()
            found.append((-1, start, end, 0, day, day))
            continue
        first = date.fromisoformat(each["valid_from"]).toordinal() if each.get("valid_from") else NEVER
        last = date.fromisoformat(each["valid_to"]).toordinal() if each.get("valid_to") else ALWAYS
        found.append((int(each["weekday"]), start, end, EVERY[each.get("every") or "week"], first, last))
    return tuple(found)


def weekdays_of(schedules: Sequence[dict[str, Any]]) -> set[int]:
    return {
        date.fromisoformat(each["date"]).weekday() if each.get("date") else int(each["weekday"]) for each in schedules
    }


def open_at(times: NDArray[np.int32], now: datetime) -> NDArray[np.bool_]:
    """Which rows of `times` hold at this moment of the Danish wall clock; what ends after midnight began yesterday."""
    day, minute = now.date(), now.hour * 60 + now.minute
    start, end = times[:, 1], times[:, 2]
    late = end <= start
    today = _on(times, day) & (start <= minute) & (late | (minute < end))
    yesterday = _on(times, date.fromordinal(day.toordinal() - 1)) & late & (minute < end)
    return np.asarray(today | yesterday)


def _on(times: NDArray[np.int32], day: date) -> NDArray[np.bool_]:
    weekday, every, first, last = times[:, 0], times[:, 3], times[:, 4], times[:, 5]
    ordinal = day.toordinal()
    # Weeks are counted from the first day that is given; where none is, nobody has said which of the two weeks.
    in_turn = (every != 1) | (first == NEVER) | ((ordinal - first) // 7 % 2 == 0)
    first_week, last_week = day.day <= 7, day.day > monthrange(day.year, day.month)[1] - 7
    in_month = ((every != 2) | first_week) & ((every != 3) | last_week)
    that_day = (weekday == -1) | ((weekday == day.weekday()) & in_turn & in_month)
    return np.asarray(that_day & (first <= ordinal) & (ordinal <= last))


def _minutes(written: str) -> int:
    hours, minutes = written.split(":")[:2]
    return int(hours) * 60 + int(minutes)
