"""Days as plans speak of them: words like "medio", the same day another year, and the windows of a period."""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Literal, NamedTuple

WindowKind = Literal["month", "quarter", "half_year", "year"]
MONTHS: Mapping[WindowKind, int] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


class Stretch(NamedTuple):
    """One window of a period: `2022-Q1` and its days, both included."""

    name: str
    first: date
    last: date


def move(day: date, years: int) -> date:
    """The same day another year; 29 February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def stretches(first: date, last: date, kind: WindowKind) -> list[Stretch]:
    """The calendar's windows that a period touches, cut to it."""
    return list(_stretches(first, last, MONTHS[kind]))


def _stretches(first: date, last: date, months: int) -> Iterator[Stretch]:
    begins = date(first.year, (first.month - 1) // months * months + 1, 1)
    while begins <= last:
        following = months_after(begins, months)
        yield Stretch(_name(begins, months), max(first, begins), min(last, following - timedelta(days=1)))
        begins = following


def _name(begins: date, months: int) -> str:
    number = (begins.month - 1) // months + 1
    return f"{begins.year}" + {1: f"-{number:02}", 3: f"-Q{number}", 6: f"-H{number}", 12: ""}[months]


def day_of(word: object, dates: Mapping[str, str], year: int) -> date | None:
    """What `medio` or `{word: medio, year: 2022}` means by the plan's own table; None when it has no such word."""
    found: object = word
    if isinstance(word, dict) and set(word) <= {"word", "year"}:
        found, year = word.get("word"), word.get("year", year)
    written = dates.get(found) if isinstance(found, str) else None
    if written is None or not isinstance(year, int) or not re.fullmatch(r"\d\d-\d\d", written):
        return None
    month, day = map(int, written.split("-"))
    # A word for the end of February must mean something every year.
    return date(year, month, min(day, monthrange(year, month)[1])) if 1 <= month <= 12 and 1 <= day <= 31 else None
