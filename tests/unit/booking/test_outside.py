"""When somebody else's calendar says that they are busy."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.booking.outside.reading import busy
from services.booking.outside.rules import MOST_PERIODS
from services.booking.resources.rules import Period

YEAR = Period(datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))
TEN = "DTSTART;TZID=Europe/Copenhagen:20270201T100000\nDTEND;TZID=Europe/Copenhagen:20270201T110000"


def read(*events: str, window: Period = YEAR) -> list[str]:
    lines = [f"BEGIN:VEVENT\nUID:1\n{each}\nEND:VEVENT" for each in events]
    content = "\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR", ""]).replace("\n", "\r\n").encode()
    return [f"{period.starts_at:%m-%d %H:%M}–{period.ends_at:%d %H:%M}" for period in busy(content, window)]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (TEN, ["02-01 09:00–01 10:00"]),
        ("DTSTART:20270701T100000Z\nDURATION:PT30M", ["07-01 10:00–01 10:30"]),
        ("DTSTART:20270701T100000\nDTEND:20270701T110000", ["07-01 08:00–01 09:00"]),
        ("DTSTART;VALUE=DATE:20270701", ["06-30 22:00–01 22:00"]),
        ("DTSTART;VALUE=DATE:20270701\nDTEND;VALUE=DATE:20270703", ["06-30 22:00–02 22:00"]),
        ("DTSTART;TZID=America/New_York:20270701T100000\nDURATION:PT1H", ["07-01 14:00–01 15:00"]),
        (f"{TEN}\nTRANSP:TRANSPARENT", []),
        (f"{TEN}\nSTATUS:CANCELLED", []),
        ("DTSTART:20270701T100000Z", []),
        ("DTSTART:20290701T100000Z\nDURATION:PT1H", []),
        (f"{TEN}\nRRULE:FREQ=WEEKLY;COUNT=2\nEXDATE;TZID=Europe/Copenhagen:20270208T100000", ["02-01 09:00–01 10:00"]),
        (f"{TEN}\nRRULE:FREQ=WEEKLY;UNTIL=20270208T090000Z", ["02-01 09:00–01 10:00", "02-08 09:00–08 10:00"]),
        (f"{TEN}\nRDATE;TZID=Europe/Copenhagen:20270701T100000", ["02-01 09:00–01 10:00", "07-01 08:00–01 09:00"]),
    ],
)
def test_an_event_is_a_busy_time_or_none(event: str, expected: list[str]) -> None:
    assert read(event) == expected


def test_every_monday_at_ten_stays_at_ten_without_end_and_from_years_ago() -> None:
    old = TEN.replace("20270201", "20200203")

    found = read(f"{old}\nRRULE:FREQ=WEEKLY;BYDAY=MO")

    assert len(found) == 52
    assert {each[6:11] for each in found} == {"09:00", "08:00"}


def test_an_occurrence_that_was_moved_is_where_it_is_now() -> None:
    moved = "RECURRENCE-ID;TZID=Europe/Copenhagen:20270208T100000\nDTSTART:20270209T120000Z\nDTEND:20270209T130000Z"

    assert read(f"{TEN}\nRRULE:FREQ=WEEKLY;COUNT=2", moved) == ["02-01 09:00–01 10:00", "02-09 12:00–09 13:00"]


def test_no_more_is_kept_than_two_thousand_and_what_touches_is_one() -> None:
    every_hour = "DTSTART:20270101T000000Z\nDURATION:PT30M\nRRULE:FREQ=HOURLY"

    assert len(read(every_hour)) == MOST_PERIODS
    assert read(TEN, TEN.replace("T11", "T12").replace("T10", "T11")) == ["02-01 09:00–01 11:00"]


@pytest.mark.parametrize("content", [b"", b"<html>", b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", b"\xff\x00"])
def test_what_is_no_calendar_is_none(content: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- Whatever the library says.
        busy(content, YEAR)
