"""Numbers, days and units as they are written in Danish and in English."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_decimal

from services.kpi.goals.rules import Aim


@dataclass(frozen=True, slots=True)
class Sentence:
    da: str
    en: str


# Formatting costs more than judging, and most numbers come again with every look at a plan.
@lru_cache(maxsize=4096)
def number(value: Decimal) -> Sentence:
    rounded = round(value, 1)
    return Sentence(str(format_decimal(rounded, locale="da")), str(format_decimal(rounded, locale="en")))


def day(on: date) -> Sentence:
    return Sentence(format_date(on, "d. MMMM y", locale="da"), format_date(on, "d MMMM y", locale="en"))


def unit(aim: Aim, value: Decimal) -> Sentence:
    """The plan's word for many, and its word for one where it gives one."""
    if round(value, 1) == 1:
        return Sentence(aim.unit_one or aim.unit, aim.unit_one_en or aim.unit_en)
    return Sentence(aim.unit, aim.unit_en)


def things(aim: Aim, value: Decimal) -> Sentence:
    """`12 samtaler`, `1 samtale`."""
    written, word = number(value), unit(aim, value)
    return Sentence(f"{written.da} {word.da}", f"{written.en} {word.en}")
