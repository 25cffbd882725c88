"""What every chapter is written with: its own dice, the size of the year, and who takes part."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

FIRST, LAST = date(2023, 1, 1), date(2023, 12, 31)
UNITS = ("Klima- og Miljøforvaltningen", "Sundhedsforvaltningen")


@dataclass(frozen=True)
class Cast:
    """The keys of the commands that register the organisations of this year."""

    associations: list[str]
    companies: list[str]
    units: list[str]


@dataclass(frozen=True)
class Draft:
    random: Random
    scale: float
    cast: Cast

    def some(self, full: int, least: int = 1) -> int:
        """So many in a whole year; fewer in a small one, but never too few for the chapter to show what it shows."""
        return max(least, round(full * self.scale))

    def day(self, first: date = FIRST, last: date = LAST) -> date:
        return first + timedelta(days=self.random.randrange((last - first).days + 1))

    def weekday(self, first: date = FIRST, last: date = LAST) -> date:
        """A day on which the centre is open."""
        while (day := self.day(first, last)).weekday() > 4:
            pass
        return day
