"""Rules for what a calendar shows. Pure."""

import re
from datetime import date, datetime, timedelta

from shared.clock import start_of_day
from shared.errors import Invalid

# Programs forget what is gone from a feed; who looks back further asks the API.
LOOKING_BACK = timedelta(days=180)
MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
MONTHS_AHEAD = 12


def period(month: str | None, today: date) -> tuple[datetime, datetime | None]:
    """The month that was chosen (`2026-11`), or everything from today on."""
    if not month:
        return start_of_day(today), None
    if not MONTH.fullmatch(month):
        raise Invalid.field("month", "skal være en måned, ÅÅÅÅ-MM", "must be a month, YYYY-MM")
    first = date.fromisoformat(f"{month}-01")
    return start_of_day(first), start_of_day(following(first))


def following(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1)


def months_ahead(today: date) -> list[date]:
    """The first days of this month and of those that follow."""
    months = [today.replace(day=1)]
    while len(months) < MONTHS_AHEAD:
        months.append(following(months[-1]))
    return months
