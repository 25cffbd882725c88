"""When something is open, and what blocks what, as tables."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.booking.resources.calendar import USUAL, DayOff, days_off
from services.booking.resources.rules import (
    MOST_PARTS,
    Days,
    NoRoomForParts,
    Opening,
    Period,
    Span,
    Taken,
    Timetable,
    crossing,
    grid,
)

WEEK = [Opening(day, 9 * 60, 10 * 60) for day in range(7)]
SUMMER = Days(date(2027, 6, 1), date(2027, 8, 31))
EVENINGS = [Opening(day, 18 * 60, 19 * 60) for day in range(7)]
NOW = datetime(2027, 1, 1, 12, tzinfo=UTC)


def timetable() -> Timetable:
    return Timetable(
        WEEK,
        timedelta(hours=1),
        timedelta(),
        seasons=[(SUMMER, EVENINGS)],
        exceptions=[
            (date(2027, 3, 25), [Opening(3, 12 * 60, 13 * 60)]),
            (date(2027, 2, 10), []),
            (date(2027, 10, 5), [Opening(1, 12 * 60, 13 * 60)]),
        ],
        closures=[Days(date(2027, 10, 1), date(2027, 10, 10))],
        closed_on=frozenset(USUAL),
    )


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2027, 2, 9), 9),
        (date(2027, 2, 10), None),
        (date(2027, 3, 26), None),
        (date(2027, 3, 25), 12),
        (date(2027, 6, 1), 18),
        (date(2027, 8, 31), 18),
        (date(2027, 9, 1), 9),
        (date(2027, 10, 1), None),
        (date(2027, 10, 5), None),
        (date(2027, 10, 10), None),
        (date(2027, 10, 11), 9),
        (date(2027, 12, 24), None),
        (date(2027, 12, 31), None),
        (date(2027, 6, 5), 18),
    ],
    ids=[
        "a day", "a day off", "Good Friday", "Maundy Thursday, but open", "the season's first day", "its last",
        "after it", "a closure's first day", "an exception within a closure", "its last day", "after it",
        "Christmas Eve", "New Year's Eve", "Constitution Day, which this house works on",
    ],
)  # fmt: skip
def test_it_is_open_by_what_was_said_most_closely(day: date, expected: int | None) -> None:
    slots = grid(timetable(), day, day + timedelta(days=1))

    assert [slot.wall_start.hour for slot in slots] == ([] if expected is None else [expected])


@pytest.mark.parametrize(
    ("day", "kinds"),
    [
        (date(2023, 5, 5), {DayOff.PUBLIC_HOLIDAY}),
        (date(2024, 4, 26), set()),
        (date(2027, 3, 29), {DayOff.PUBLIC_HOLIDAY}),
        (date(2027, 12, 26), {DayOff.PUBLIC_HOLIDAY}),
        (date(2027, 6, 5), {DayOff.CONSTITUTION_DAY}),
        (date(2028, 6, 5), {DayOff.CONSTITUTION_DAY, DayOff.PUBLIC_HOLIDAY}),
        (date(2027, 12, 24), {DayOff.CHRISTMAS_EVE}),
        (date(2027, 12, 31), {DayOff.NEW_YEARS_EVE}),
    ],
    ids=["the last Great Prayer Day", "the first that was none", "Easter Monday", "Boxing Day", "Constitution Day",
         "Whit Monday on Constitution Day", "Christmas Eve", "New Year's Eve"],
)  # fmt: skip
def test_days_off_are_denmark_s(day: date, kinds: set[DayOff]) -> None:
    assert days_off(day.year).get(day, frozenset()) == kinds


def test_seasons_that_share_a_day_cross() -> None:
    assert crossing([SUMMER, Days(date(2027, 8, 31), date(2027, 9, 30))])
    assert not crossing([SUMMER, Days(date(2027, 9, 1), date(2027, 9, 30))])


def overlap(a: Span, b: Span) -> bool:
    return a.begin < b.end and b.begin < a.end


def test_a_whole_overlaps_its_parts_and_parts_do_not_overlap_each_other() -> None:
    hall, other = Span.whole(1), Span.whole(2)
    parts = [hall.part(n) for n in range(MOST_PARTS)]
    corner = parts[0].part(3)

    assert not overlap(hall, other)
    assert all(overlap(hall, part) and part.tree == hall.tree == 1 for part in parts)
    assert not any(overlap(a, b) for n, a in enumerate(parts) for b in parts[n + 1 :])
    assert [overlap(corner, each) for each in (hall, parts[0], parts[1], other)] == [True, True, False, False]
    assert corner.tree == 1


def test_parts_of_parts_go_five_deep_and_sixty_four_wide() -> None:
    span = Span.whole(7)
    for _ in range(5):
        span = span.part(0)
    with pytest.raises(NoRoomForParts):
        span.part(0)
    with pytest.raises(NoRoomForParts):
        Span.whole(7).part(MOST_PARTS)


@pytest.mark.parametrize(
    ("minutes", "fits"), [(0, False), (29, False), (31, True), (1440 * 9, True), (1440 * 11, False)]
)
def test_notice_and_horizon_bound_what_is_offered(minutes: int, fits: bool) -> None:
    times = Timetable(WEEK, timedelta(hours=1), timedelta(), notice=timedelta(minutes=30), horizon=timedelta(days=10))

    assert times.in_time(NOW + timedelta(minutes=minutes), NOW) is fits


def test_what_is_taken_may_overlap_itself_as_two_halves_do() -> None:
    hours = [Period(NOW + timedelta(hours=a), NOW + timedelta(hours=b)) for a, b in ((0, 4), (1, 2), (6, 7))]
    taken = Taken(hours)

    def leaves(begin: float, end: float) -> bool:
        return taken.leaves(Period(NOW + timedelta(hours=begin), NOW + timedelta(hours=end)))

    assert [leaves(*each) for each in ((2, 3), (3.5, 4.5), (4, 6), (5, 6.5), (-1, 0), (7, 8))] == [
        False, False, True, False, True, True,
    ]  # fmt: skip
