"""The days on which Denmark is closed, and those on which a centre may decide to be."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cache

import holidays


class DayOff(StrEnum):
    """`public_holiday` (helligdag), `constitution_day` (grundlovsdag, 5 June), `christmas_eve` (24 December) or
    `new_years_eve` (31 December)."""

    PUBLIC_HOLIDAY = "public_holiday"
    CONSTITUTION_DAY = "constitution_day"
    CHRISTMAS_EVE = "christmas_eve"
    NEW_YEARS_EVE = "new_years_eve"


# Constitution Day is a day off in some houses and not in others; the other two are, in practice, everywhere.
USUAL = (DayOff.PUBLIC_HOLIDAY, DayOff.CHRISTMAS_EVE, DayOff.NEW_YEARS_EVE)


@cache
def days_off(year: int) -> Mapping[date, frozenset[DayOff]]:
    """The year's days off. Great Prayer Day is one until 2023: the library knows since when it is not."""
    found = {
        date(year, 6, 5): frozenset({DayOff.CONSTITUTION_DAY}),
        date(year, 12, 24): frozenset({DayOff.CHRISTMAS_EVE}),
        date(year, 12, 31): frozenset({DayOff.NEW_YEARS_EVE}),
    }
    for day in holidays.country_holidays("DK", years=year):
        found[day] = found.get(day, frozenset()) | {DayOff.PUBLIC_HOLIDAY}
    return found
