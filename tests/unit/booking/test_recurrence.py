"""Recurrence rules on a Danish wall clock, as tables."""

from datetime import datetime, timedelta

import pytest

from services.booking.resources.rules import Period
from services.booking.series.rules import occurrences
from shared.clock import DANISH
from shared.errors import Invalid


def first(day: str, clock: str = "10:00", minutes: int = 60) -> Period:
    start = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=DANISH)
    return Period(start, start + timedelta(minutes=minutes))


def test_a_weekly_ten_o_clock_from_february_to_november_stays_ten_o_clock() -> None:
    found = occurrences("FREQ=WEEKLY;BYDAY=MO;UNTIL=20271129", first("2027-02-01"))

    walls = [each.period.starts_at.astimezone(DANISH) for each in found]
    assert len(found) == 44
    assert {f"{wall:%a %H:%M}" for wall in walls} == {"Mon 10:00"}
    assert {f"{each.period.starts_at:%H:%M}" for each in found} == {"08:00", "09:00"}
    assert all(each.real for each in found)
    assert walls[-1].date().isoformat() == "2027-11-29"


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=WEEKLY;COUNT=3", ["02-01", "02-08", "02-15"]),
        ("RRULE:FREQ=WEEKLY;COUNT=3", ["02-01", "02-08", "02-15"]),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=2", ["02-01", "02-15"]),
        ("FREQ=WEEKLY;BYDAY=MO,TH;COUNT=3", ["02-01", "02-04", "02-08"]),
        ("FREQ=MONTHLY;BYDAY=1MO;COUNT=3", ["02-01", "03-01", "04-05"]),
        ("FREQ=MONTHLY;BYMONTHDAY=1;COUNT=3", ["02-01", "03-01", "04-01"]),
        ("FREQ=MONTHLY;INTERVAL=2;COUNT=2", ["02-01", "04-01"]),
        ("FREQ=DAILY;UNTIL=20270202", ["02-01", "02-02"]),
        ("FREQ=DAILY;UNTIL=20270202T100000", ["02-01", "02-02"]),
        ("FREQ=DAILY;UNTIL=20270202T085959Z", ["02-01"]),
        ("FREQ=DAILY;COUNT=5;UNTIL=20270202", ["02-01", "02-02"]),
    ],
)
def test_a_rule_names_its_days(rule: str, days: list[str]) -> None:
    found = occurrences(rule, first("2027-02-01"))

    assert [f"{each.period.starts_at:%m-%d}" for each in found] == days


@pytest.mark.parametrize(
    ("day", "clock", "real", "utc"),
    [
        ("2027-03-28", "02:30", [True, False, True], ["01:30", "01:30", "00:30"]),
        ("2027-10-31", "02:30", [True, True, True], ["00:30", "00:30", "01:30"]),
    ],
    ids=["spring", "autumn"],
)
def test_in_the_nights_of_the_clock_a_time_is_skipped_or_taken_at_its_first_passing(
    day: str, clock: str, real: list[bool], utc: list[str]
) -> None:
    before = (datetime.fromisoformat(day) - timedelta(days=1)).date().isoformat()

    found = occurrences("FREQ=DAILY;COUNT=3", first(before, clock, 30))

    assert [each.real for each in found] == real
    assert [f"{each.period.starts_at:%H:%M}" for each in found if each.real] == [
        time for time, exists in zip(utc, real, strict=True) if exists
    ]


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "hver mandag",
        "FREQ=WEEKLY",
        "FREQ=HOURLY;COUNT=3",
        "FREQ=WEEKLY;COUNT=0",
        "FREQ=DAILY;COUNT=201",
        "FREQ=DAILY;UNTIL=20280101",
        "FREQ=WEEKLY;COUNT=150",
        "FREQ=WEEKLY;UNTIL=20300101",
        "FREQ=WEEKLY;COUNT=3;COUNT=4",
        "FREQ=WEEKLY;BYDAY=XX;COUNT=3",
        "FREQ=WEEKLY;BYDAY=TU;COUNT=3",
        "FREQ=WEEKLY;UNTIL=20261301",
        "FREQ=WEEKLY;UNTIL=20260101",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3",
        "FREQ=YEARLY;COUNT=2",
        "FREQ=MONTHLY;BYMONTHDAY=99;COUNT=3",
        "FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=28;COUNT=3",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU;COUNT=3",
        "FREQ=WEEKLY;COUNT=3\nRDATE:20270301T100000",
        "FREQ=WEEKLY;COUNT=3;BYHOUR=9",
        "COUNT=3",
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(rule: str) -> None:
    with pytest.raises(Invalid) as refused:
        occurrences(rule, first("2027-02-01"))

    assert [error.field for error in refused.value.errors] == ["rule"]
