"""The grid of slots and what is left of it, as tables."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from services.booking.resources.rules import Opening, Period, Taken, Timetable, free, grid, minutes, overlapping, runs
from shared.clock import DANISH

MONDAY = date(2026, 11, 23)
SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def timetable(*hours: tuple[int, str, str], slot: int = 60, buffer: int = 0) -> Timetable:
    openings = [Opening(weekday, minutes(opens), minutes(closes)) for weekday, opens, closes in hours]
    return Timetable(openings, timedelta(minutes=slot), timedelta(minutes=buffer))


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


def starts(times: Timetable, first: date, days: int = 1) -> list[str]:
    return [f"{slot.period.starts_at:%H:%M}" for slot in grid(times, first, first + timedelta(days=days))]


@pytest.mark.parametrize(
    ("hours", "slot", "expected"),
    [
        ([(0, "09:00", "12:00")], 60, ["08:00", "09:00", "10:00"]),
        ([(0, "09:00", "11:30")], 60, ["08:00", "09:00"]),
        ([(0, "09:15", "10:15")], 30, ["08:15", "08:45"]),
        ([(0, "09:00", "09:30")], 60, []),
        ([(1, "09:00", "12:00")], 60, []),
        ([(0, "13:00", "14:00"), (0, "09:00", "10:00")], 60, ["08:00", "12:00"]),
        ([(0, "22:00", "24:00")], 60, ["21:00", "22:00"]),
        ([(0, "00:00", "24:00")], 1440, ["23:00"]),
    ],
    ids=[
        "whole hours", "a rest too short for a slot", "from a quarter past", "shorter than a slot", "another weekday",
        "a lunch break", "until midnight", "a day at a time",
    ],
)  # fmt: skip
def test_slots_fill_the_opening_hours_of_a_winter_monday(
    hours: list[tuple[int, str, str]], slot: int, expected: list[str]
) -> None:
    assert starts(timetable(*hours, slot=slot), MONDAY) == expected


@pytest.mark.parametrize(
    ("night", "hours", "slot", "expected"),
    [
        (SPRING, ("00:00", "05:00"), 60, ["23:00", "00:00", "01:00", "02:00"]),
        (SPRING, ("01:30", "04:00"), 30, ["00:30", "01:00", "01:30"]),
        (SPRING, ("02:00", "03:00"), 30, []),
        (SPRING, ("01:30", "04:30"), 90, ["01:00"]),
        (SPRING, ("10:00", "12:00"), 60, ["08:00", "09:00"]),
        (AUTUMN, ("00:00", "05:00"), 60, ["22:00", "23:00", "00:00", "02:00", "03:00"]),
        (AUTUMN, ("02:00", "03:00"), 30, ["00:00", "00:30"]),
        (AUTUMN, ("10:00", "12:00"), 60, ["09:00", "10:00"]),
        (AUTUMN, ("00:00", "24:00"), 1440, ["22:00"]),
    ],
    ids=[
        "spring: no slot at two", "spring: half hours", "spring: open only in the missing hour",
        "spring: no slot that the jump would shorten", "spring: the day after the jump", "autumn: two o'clock once",
        "autumn: each half hour once", "autumn: the day after the jump", "autumn: a whole day",
    ],
)  # fmt: skip
def test_in_both_nights_a_slot_is_offered_once_and_lasts_what_it_promises(
    night: date, hours: tuple[str, str], slot: int, expected: list[str]
) -> None:
    times = timetable((6, *hours), slot=slot)

    slots = grid(times, night, night + timedelta(days=1))

    assert [f"{each.period.starts_at:%H:%M}" for each in slots] == expected
    assert all(each.period.ends_at - each.period.starts_at == times.slot for each in slots)
    assert all(a.period.ends_at <= b.period.starts_at for a, b in pairwise(slots))


def test_ten_o_clock_stays_ten_o_clock_through_the_year() -> None:
    times = timetable(*((day, "10:00", "11:00") for day in range(7)))

    assert set(starts(times, date(2027, 3, 1), 27)) == {"09:00"}
    assert set(starts(times, SPRING, 200)) == {"08:00"}
    assert set(starts(times, date(2027, 10, 31), 100)) == {"09:00"}


@pytest.mark.parametrize(
    ("booked", "buffer", "expected"),
    [
        ([], 0, ["08:00", "09:00", "10:00", "11:00"]),
        ([("09:00", "10:00")], 0, ["08:00", "10:00", "11:00"]),
        ([("09:00", "10:00")], 15, ["11:00"]),
        ([("09:00", "10:00")], 60, ["11:00"]),
        ([("09:30", "09:40")], 0, ["08:00", "10:00", "11:00"]),
        ([("07:00", "08:00")], 15, ["09:00", "10:00", "11:00"]),
        ([("12:00", "13:00")], 15, ["08:00", "09:00", "10:00"]),
        ([("06:00", "18:00")], 0, []),
        ([("08:00", "09:00"), ("10:00", "11:00")], 0, ["09:00", "11:00"]),
    ],
    ids=[
        "nothing", "one", "air on both sides", "an hour of air", "off the grid", "before opening", "after closing",
        "all day", "two",
    ],
)  # fmt: skip
def test_what_is_taken_is_not_offered_nor_the_air_around_it(
    booked: list[tuple[str, str]], buffer: int, expected: list[str]
) -> None:
    times = timetable((0, "09:00", "13:00"), buffer=buffer)
    day = MONDAY.isoformat()
    taken = Taken(Period(at(f"{day}T{a}"), at(f"{day}T{b}") + times.buffer) for a, b in booked)

    offered = free(times, grid(times, MONDAY, MONDAY + timedelta(days=1)), taken, LONG_AGO)

    assert [f"{slot.period.starts_at:%H:%M}" for slot in offered] == expected


def test_only_what_is_to_come_is_offered() -> None:
    times = timetable((0, "09:00", "12:00"))
    slots = grid(times, MONDAY, MONDAY + timedelta(days=1))

    offered = free(times, slots, Taken([]), now=at("2026-11-23T09:00"))

    assert [f"{slot.period.starts_at:%H:%M}" for slot in offered] == ["10:00"]


@pytest.mark.parametrize(
    ("hours", "length", "expected"),
    [
        ([(0, "09:00", "12:00")], 120, ["08:00-10:00", "09:00-11:00"]),
        ([(0, "09:00", "12:00")], 90, []),
        ([(0, "09:00", "10:00"), (0, "10:00", "11:00")], 120, ["08:00-10:00"]),
        ([(0, "09:00", "10:00"), (0, "12:00", "13:00")], 120, []),
        ([(0, "23:00", "24:00"), (1, "00:00", "01:00")], 120, ["22:00-00:00"]),
        ([(0, "09:00", "12:00")], 0, []),
    ],
    ids=["two of three", "not a whole number", "openings that touch", "not over lunch", "over midnight", "nothing"],
)
def test_slots_in_a_row_make_longer_times(hours: list[tuple[int, str, str]], length: int, expected: list[str]) -> None:
    slots = grid(timetable(*hours), MONDAY, MONDAY + timedelta(days=2))

    found = runs(slots, timedelta(minutes=length))

    assert [f"{period.starts_at:%H:%M}-{period.ends_at:%H:%M}" for period in found] == expected


@pytest.mark.parametrize(("night", "hours"), [(SPRING, 4), (AUTUMN, 6)], ids=["spring", "autumn"])
def test_a_whole_night_can_be_one_booking(night: date, hours: int) -> None:
    slots = grid(timetable((6, "00:00", "05:00")), night, night + timedelta(days=1))

    assert len(list(runs(slots, timedelta(hours=hours)))) == 1


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ([(0, "09:00", "12:00"), (0, "12:00", "16:00")], False),
        ([(0, "11:59", "16:00"), (0, "09:00", "12:00")], True),
        ([(0, "09:00", "12:00"), (1, "09:00", "12:00")], False),
        ([(0, "09:00", "12:00"), (0, "09:00", "12:00")], True),
    ],
    ids=["touching", "a minute too early", "two days", "twice the same"],
)
def test_openings_of_a_day_stand_apart(hours: list[tuple[int, str, str]], expected: bool) -> None:
    assert overlapping(timetable(*hours).openings) is expected


def test_for_three_years_each_slot_begins_when_the_clock_on_the_wall_says_so() -> None:
    times = timetable(*((day, "00:00", "24:00") for day in range(7)), slot=30)

    slots = grid(times, date(2026, 1, 1), date(2029, 1, 1))

    assert all(slot.period.starts_at.astimezone(DANISH).replace(tzinfo=None) == slot.wall_start for slot in slots)
    assert len({slot.wall_start for slot in slots}) == len(slots) == (3 * 365 + 1) * 48 - 3 * 2
