"""Rules for free time: the grid of slots in Danish wall time, and what is left of it. Pure."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from services.booking.resources.calendar import DayOff, days_off
from shared.clock import DANISH
from shared.errors import Conflict, Text

A_MOMENT, A_DAY = timedelta(microseconds=1), timedelta(days=1)
# Of every resource's stretch of numbers each part gets an equal share: 64 parts, five levels deep.
MOST_PARTS, WIDTH = 64, 2**30


class ResourceState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class OpenTo(StrEnum):
    """Who may book: `everyone`, `members` (whoever signs in for an association, and staff) or `staff`."""

    EVERYONE = "everyone"
    MEMBERS = "members"
    STAFF = "staff"


class NoRoomForParts(Conflict):
    slug = "no-room-for-parts"
    title = Text("Den kan ikke deles yderligere", "It cannot be divided any further")


class Span(NamedTuple):
    """A resource as a stretch of whole numbers, its parts as stretches within it: two block each other if they overlap.

    So a hall blocks its halves and each half the hall, and the halves leave each other alone, by one constraint.
    """

    begin: int
    end: int

    @classmethod
    def whole(cls, number: int) -> "Span":
        """The stretch of what is part of nothing; no two numbers have one in common."""
        return cls(number * WIDTH, (number + 1) * WIDTH)

    def part(self, nth: int) -> "Span":
        share = (self.end - self.begin) // MOST_PARTS
        if nth >= MOST_PARTS or share < 1:
            raise NoRoomForParts
        return Span(self.begin + nth * share, self.begin + (nth + 1) * share)

    @property
    def tree(self) -> int:
        """The number of the whole that this is, or is somewhere within."""
        return self.begin // WIDTH


class Period(NamedTuple):
    starts_at: datetime
    ends_at: datetime


class Opening(NamedTuple):
    """Open on one weekday (Monday is 0), in minutes of the Danish day; 1440 is midnight at its end."""

    weekday: int
    opens: int
    closes: int
    locality: str | None = None


class Days(NamedTuple):
    """Days of the Danish calendar, the last one included."""

    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last


@dataclass(frozen=True)
class Timetable:
    openings: Sequence[Opening]
    slot: timedelta
    buffer: timedelta
    before: timedelta = timedelta()
    seasons: Sequence[tuple[Days, Sequence[Opening]]] = ()
    exceptions: Sequence[tuple[date, Sequence[Opening]]] = ()
    closures: Sequence[Days] = ()
    closed_on: frozenset[DayOff] = frozenset()
    notice: timedelta = timedelta()
    horizon: timedelta = timedelta(days=730)

    def on(self, day: date) -> Sequence[Opening]:
        """When it is open that day: a closed period beats what was said of the day, and that beats a holiday."""
        if any(day in closure for closure in self.closures):
            return ()
        for special, openings in self.exceptions:
            if special == day:
                return openings
        if self.closed_on and not self.closed_on.isdisjoint(days_off(day.year).get(day, ())):
            return ()
        week = next((week for days, week in self.seasons if day in days), self.openings)
        return [opening for opening in week if opening.weekday == day.weekday()]

    def in_time(self, starts_at: datetime, now: datetime) -> bool:
        """Neither too soon nor too far ahead for whoever books from outside."""
        after, until = self.window(now)
        return after < starts_at <= until

    def window(self, now: datetime) -> tuple[datetime, datetime]:
        """After when and until when such a time begins."""
        return now + self.notice, now + self.horizon

    def blocked(self, period: Period) -> Period:
        if not (self.before or self.buffer):
            return period
        return Period(period.starts_at - self.before, period.ends_at + self.buffer)


class Slot(NamedTuple):
    """One square of the grid: real time, and the wall time that decides which square follows which."""

    period: Period
    wall_start: datetime
    wall_end: datetime
    locality: str | None = None

    def leads_to(self, following: "Slot") -> bool:
        """In the night when an hour exists twice only the wall clock sees no gap, in spring only real time does."""
        return self.locality == following.locality and (
            self.wall_end == following.wall_start or self.period.ends_at == following.period.starts_at
        )


def minutes(clock: str) -> int:
    """`"09:30"` → 570."""
    return int(clock[:2]) * 60 + int(clock[3:])


def overlapping(openings: Iterable[Opening]) -> bool:
    ordered = sorted(openings, key=lambda each: (each.weekday, each.opens))
    return any(a.weekday == b.weekday and b.opens < a.closes for a, b in pairwise(ordered))


def crossing(periods: Iterable[Days]) -> bool:
    return any(later.first <= earlier.last for earlier, later in pairwise(sorted(periods)))


def grid(timetable: Timetable, first: date, until: date) -> list[Slot]:
    """Every slot that begins on a day from `first` up to and without `until`, free or not, in order.

    A slot lasts what it promises in real time. So in the spring night the skipped hour has none, and in the autumn
    night the hour that exists twice has them once, at its first passing.
    """
    days = (first + timedelta(days=n) for n in range((until - first).days))
    found = [slot for day in days for opening in timetable.on(day) for slot in _slots(timetable.slot, opening, day)]
    return sorted(found, key=lambda slot: slot.period)


@lru_cache(maxsize=1024)  # The same weeks are asked for again and again, and one centre's resources open alike.
def _slots(length: timedelta, opening: Opening, day: date) -> tuple[Slot, ...]:
    return tuple(_each_slot(length, opening, day))


def _each_slot(length: timedelta, opening: Opening, day: date) -> Iterator[Slot]:
    midnight = datetime.combine(day, time())  # Naive on purpose: this is what the clock on the wall shows.
    start, closes = midnight + timedelta(minutes=opening.opens), midnight + timedelta(minutes=opening.closes)
    ahead = _ahead(midnight)
    steady = ahead == _ahead(midnight + A_DAY)  # But for two days a year, wall time is real time moved.
    while (end := start + length) <= closes:
        begins = (start - ahead).replace(tzinfo=UTC) if steady else instant(start)
        period = Period(begins, begins + length)
        if steady or (exists(start) and exists(end - A_MOMENT) and period.ends_at <= instant(end)):
            yield Slot(period, start, end, opening.locality)
        start = end


def _ahead(wall: datetime) -> timedelta:
    return DANISH.utcoffset(wall) or timedelta()


def instant(wall: datetime) -> datetime:
    """When the clock on the wall shows this; at its first passing if it does so twice."""
    return wall.replace(tzinfo=DANISH).astimezone(UTC)


def exists(wall: datetime) -> bool:
    return instant(wall).astimezone(DANISH).replace(tzinfo=None) == wall


class Taken:
    """The blocked periods of one resource, of what it is part of and of its parts, buffers included."""

    def __init__(self, blocked: Iterable[tuple[datetime, datetime]]) -> None:
        self._begins, self._ends = list[datetime](), list[datetime]()
        for begin, end in sorted(blocked):
            if self._ends and begin <= self._ends[-1]:  # Two halves may be taken at once: to the hall that is one.
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._begins.append(begin)
                self._ends.append(end)

    def leaves(self, blocking: Period) -> bool:
        """Whether `blocking` is free: a period with its own buffers, so that there is air around every booking."""
        starts_at, ends_at = blocking
        before = bisect_left(self._begins, ends_at)
        return before == 0 or self._ends[before - 1] <= starts_at


def free(
    timetable: Timetable, slots: Sequence[Slot], taken: Taken, now: datetime, *, staff: bool = False
) -> list[Slot]:
    """The slots that somebody can still book; staff also at short notice and far ahead."""
    after, until = (now, datetime.max.replace(tzinfo=UTC)) if staff else timetable.window(now)
    leaves, blocked = taken.leaves, timetable.blocked
    if not (timetable.before or timetable.buffer):  # A month is 1,500 slots: each call counts.
        return [slot for slot in slots if after < slot[0][0] <= until and leaves(slot[0])]
    return [slot for slot in slots if after < slot[0][0] <= until and leaves(blocked(slot[0]))]


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
