"""Rules for free time: the grid of slots in Danish wall time, and what is left of it. Pure."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple

from shared.clock import DANISH

A_MOMENT, A_DAY = timedelta(microseconds=1), timedelta(days=1)


class Period(NamedTuple):
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Opening:
    """Open on one weekday (Monday is 0), in minutes of the Danish day; 1440 is midnight at its end."""

    weekday: int
    opens: int
    closes: int


@dataclass(frozen=True)
class Timetable:
    openings: Sequence[Opening]
    slot: timedelta
    buffer: timedelta


class Slot(NamedTuple):
    """One square of the grid: real time, and the wall time that decides which square follows which."""

    period: Period
    wall_start: datetime
    wall_end: datetime

    def leads_to(self, following: "Slot") -> bool:
        """In the night when an hour exists twice only the wall clock sees no gap, in spring only real time does."""
        return self.wall_end == following.wall_start or self.period.ends_at == following.period.starts_at


def minutes(clock: str) -> int:
    """`"09:30"` → 570."""
    return int(clock[:2]) * 60 + int(clock[3:])


def overlapping(openings: Iterable[Opening]) -> bool:
    ordered = sorted(openings, key=lambda each: (each.weekday, each.opens))
    return any(a.weekday == b.weekday and b.opens < a.closes for a, b in pairwise(ordered))


def grid(timetable: Timetable, first: date, until: date) -> list[Slot]:
    """Every slot that begins on a day from `first` up to and without `until`, free or not, in order.

    A slot lasts what it promises in real time. So in the spring night the skipped hour has none, and in the autumn
    night the hour that exists twice has them once, at its first passing.
    """
    days = (first + timedelta(days=n) for n in range((until - first).days))
    found = [slot for day in days for opening in timetable.openings for slot in _slots(timetable, opening, day)]
    return sorted(found, key=lambda slot: slot.period)


def _slots(timetable: Timetable, opening: Opening, day: date) -> Iterator[Slot]:
    if opening.weekday != day.weekday():
        return
    midnight = datetime.combine(day, time())  # Naive on purpose: this is what the clock on the wall shows.
    start, closes = midnight + timedelta(minutes=opening.opens), midnight + timedelta(minutes=opening.closes)
    ahead = _ahead(midnight)
    steady = ahead == _ahead(midnight + A_DAY)  # But for two days a year, wall time is real time moved.
    while (end := start + timetable.slot) <= closes:
        begins = (start - ahead).replace(tzinfo=UTC) if steady else _instant(start)
        period = Period(begins, begins + timetable.slot)
        if steady or (_exists(start) and _exists(end - A_MOMENT) and period.ends_at <= _instant(end)):
            yield Slot(period, start, end)
        start = end


def _ahead(wall: datetime) -> timedelta:
    return DANISH.utcoffset(wall) or timedelta()


def _instant(wall: datetime) -> datetime:
    return wall.replace(tzinfo=DANISH).astimezone(UTC)


def _exists(wall: datetime) -> bool:
    return _instant(wall).astimezone(DANISH).replace(tzinfo=None) == wall


class Taken:
    """The blocked periods of one resource: bookings with the buffer after them. They never overlap each other."""

    def __init__(self, blocked: Iterable[Period]) -> None:
        self._blocked = sorted(blocked)

    def leaves(self, period: Period, buffer: timedelta) -> bool:
        """Whether `period` is free, its own buffer included, so that there is air on both sides of every booking."""
        before = bisect_left(self._blocked, (period.ends_at + buffer,))
        return before == 0 or self._blocked[before - 1].ends_at <= period.starts_at


def free(timetable: Timetable, slots: Sequence[Slot], taken: Taken, now: datetime) -> list[Period]:
    """The slots that somebody can still book."""
    return [
        slot.period for slot in slots if slot.period.starts_at > now and taken.leaves(slot.period, timetable.buffer)
    ]


def runs(slots: Sequence[Slot], wanted: timedelta) -> Iterator[Period]:
    """Every period of that length which consecutive slots make up, in order."""
    if wanted <= timedelta():
        return
    row, rows, ends = 0, [0] * len(slots), {}
    for n, slot in enumerate(slots):
        row += n > 0 and not slots[n - 1].leads_to(slot)
        rows[n], ends[slot.period.ends_at] = row, n
    for n, slot in enumerate(slots):
        until = slot.period.starts_at + wanted
        if until in ends and rows[ends[until]] == rows[n]:
            yield Period(slot.period.starts_at, until)
