"""When an activity takes place: the same clock time all the year, in words and in a calendar."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from dateutil.rrule import rrulestr
from icalendar import Calendar

from services.directory.exports.schedules import first_day, in_words, rule, times
from services.directory.imports.cells import value_of
from shared.clock import DANISH
from shared.icalendars import Entry, feed

TUESDAY: dict[str, Any] = {
    "weekday": 1, "from": "19:00", "to": "21:00", "every": "week", "valid_from": None, "valid_to": None,
}  # fmt: skip
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def starts(schedule: dict[str, Any], since: date, until: date) -> list[datetime]:
    """Every beginning as a calendar program works it out of the feed."""
    day = first_day(schedule, since)
    assert day is not None
    begins, ends = times(schedule, day)
    entry = Entry("1@x", 1, begins, ends, "Sang", repeats=rule(schedule))
    [event] = Calendar.from_ical(feed("x", [entry])).events
    assert event["DTSTART"].params["TZID"] == "Europe/Copenhagen"
    assert isinstance(event.DTSTART, datetime)
    start = event.DTSTART.astimezone(DANISH)
    if not event.rrules:
        return [start]
    # A program repeats the wall clock, and reads each time in its zone.
    [repeats] = event.rrules
    written = repeats.to_ical().decode()
    wall = rrulestr(written.replace("Z", ""), dtstart=start.replace(tzinfo=None))
    return [each.replace(tzinfo=DANISH) for each in wall if each.date() <= until]


def test_seven_in_the_evening_stays_seven_through_both_nights() -> None:
    # A rule without an end would go on for ever here.
    schedule = TUESDAY | {"valid_from": "2026-03-20", "valid_to": "2026-11-10"}

    found = starts(schedule, date(2026, 1, 1), date(2026, 11, 30))

    assert {each.strftime("%a %H:%M") for each in found} == {"Tue 19:00"}
    assert (found[0].date(), found[-1].date(), len(found)) == (date(2026, 3, 24), date(2026, 11, 10), 34)
    assert {each.astimezone(UTC).hour for each in found} == {17, 18}
    assert [each.astimezone(UTC).hour for each in found[:2]] == [18, 17]


@pytest.mark.parametrize(
    ("every", "days"),
    [
        ("week", ["2026-09-01", "2026-09-08", "2026-09-15", "2026-09-22"]),
        ("two_weeks", ["2026-09-01", "2026-09-15", "2026-09-29", "2026-10-13"]),
        ("month_first", ["2026-09-01", "2026-10-06", "2026-11-03", "2026-12-01"]),
        ("month_last", ["2026-09-29", "2026-10-27", "2026-11-24", "2026-12-29"]),
    ],
)
def test_it_repeats_as_it_is_said(every: str, days: list[str]) -> None:
    schedule = TUESDAY | {"every": every, "valid_from": "2026-08-28", "valid_to": "2026-12-31"}

    found = starts(schedule, date(2026, 1, 1), date(2027, 1, 31))

    assert [each.date().isoformat() for each in found[:4]] == days


def test_a_single_time_does_not_repeat_and_a_season_that_is_over_is_gone() -> None:
    single = {"date": "2026-12-24", "from": "10:00", "to": "12:00"}

    assert [each.isoformat() for each in starts(single, date(2026, 1, 1), date(2026, 12, 31))] == [
        "2026-12-24T10:00:00+01:00"
    ]
    over = TUESDAY | {"valid_from": "2026-12-30", "valid_to": "2026-12-31"}
    assert first_day(over, date(2026, 1, 1)) is None


@pytest.mark.parametrize("language", ["da", "en"])
def test_an_import_reads_back_what_an_export_says(language: Any) -> None:
    said = in_words([TUESDAY, TUESDAY | {"weekday": 6, "from": "09:30", "to": "10:00"}], language)

    again = value_of("schedules", said)

    assert [(each["weekday"], each["from"], each["to"]) for each in again] == [
        (1, "19:00", "21:00"), (6, "09:30", "10:00"),
    ]  # fmt: skip


def test_a_calendar_holds_no_sign_that_nobody_sees() -> None:
    written = feed(
        "x", [Entry("1@x", 1, NOON, NOON, "Sang\x01", location="Sal\x0b 1", description="Ord\x1b\nog \ufffe🎈")]
    )

    [event] = Calendar.from_ical(written).walk("VEVENT")
    assert (event["SUMMARY"], event["LOCATION"], event["DESCRIPTION"]) == ("Sang", "Sal 1", "Ord\nog 🎈")
