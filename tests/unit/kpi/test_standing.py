"""Result, time and forecast as tables: the two axes of Slagelse's follow-up model, and one plain sentence."""

from datetime import date
from decimal import Decimal

import pytest

from services.kpi.goals.forecast import forecast
from services.kpi.goals.rules import Aim, Result, Time, expected, result, time

YEAR = Aim(
    Decimal(100), date(2023, 1, 1), date(2023, 12, 31), Decimal("0.9"), "bookede samtaler", "booked conversations"
)
LEVEL = Aim(Decimal(165), None, date(2023, 12, 31), Decimal("0.9"), "medlemsforeninger", "member associations")


@pytest.mark.parametrize(
    ("aim", "value", "events", "today", "wanted"),
    [
        (YEAR, None, 0, date(2023, 5, 1), "not_started"),
        (YEAR, 0, 0, date(2023, 5, 1), "not_started"),
        (YEAR, 0, 2, date(2023, 5, 1), "not_reached"),
        (YEAR, 100, 100, date(2023, 2, 1), "reached"),
        (YEAR, 50, 50, date(2023, 7, 2), "mostly_reached"),
        (YEAR, 46, 46, date(2023, 7, 2), "mostly_reached"),
        (YEAR, 45, 45, date(2023, 7, 2), "not_reached"),
        (YEAR, 1, 1, date(2023, 1, 2), "mostly_reached"),
        (YEAR, 99, 99, date(2024, 1, 1), "mostly_reached"),
        (YEAR, 89, 89, date(2024, 1, 1), "not_reached"),
        (LEVEL, 149, 200, date(2023, 2, 1), "mostly_reached"),
        (LEVEL, 148, 200, date(2023, 2, 1), "not_reached"),
        (LEVEL, 165, 200, date(2023, 2, 1), "reached"),
    ],
    ids=[
        "no number",
        "nothing counted yet",
        "counted and taken back",
        "reached early",
        "on the pace",
        "nine tenths of the pace",
        "under it",
        "the second day",
        "almost, when it was due",
        "far from it, when it was due",
        "a level near its target",
        "a level knows no pace",
        "a level reached",
    ],
)
def test_the_result_is_judged_against_the_target_and_todays_pace(
    aim: Aim, value: int | None, events: int, today: date, wanted: Result
) -> None:
    assert result(aim, None if value is None else Decimal(value), events, today) == wanted


@pytest.mark.parametrize(
    ("today", "wanted"),
    [(date(2022, 12, 31), 0), (date(2023, 12, 30), 99), (date(2023, 12, 31), 100), (date(2025, 1, 1), 100)],
)
def test_the_pace_goes_from_nothing_to_the_target(today: date, wanted: int) -> None:
    assert int(expected(YEAR, today)) == wanted


@pytest.mark.parametrize(
    ("judged", "today", "wanted"),
    [
        ("not_reached", date(2023, 12, 31), "on_time"),
        ("not_reached", date(2024, 1, 1), "slightly_late"),
        ("not_reached", date(2024, 3, 30), "slightly_late"),
        ("not_reached", date(2024, 3, 31), "late"),
        ("reached", date(2026, 3, 31), "on_time"),
    ],
    ids=["the last day", "the day after", "under three months", "exactly three months", "reached"],
)
def test_less_than_three_months_is_slightly_late(judged: Result, today: date, wanted: Time) -> None:
    assert time(YEAR, judged, today) == wanted


def test_three_months_after_a_long_month_end_in_a_shorter_one() -> None:
    aim = Aim(Decimal(1), None, date(2023, 11, 30), Decimal(1), "", "")

    assert time(aim, "not_reached", date(2024, 2, 28)) == "slightly_late"
    assert time(aim, "not_reached", date(2024, 2, 29)) == "late"


@pytest.mark.parametrize(
    ("aim", "judged", "value", "today", "wanted"),
    [
        (YEAR, "reached", 100, date(2023, 5, 1), "Målet er nået."),
        (
            YEAR,
            "not_reached",
            40,
            date(2023, 7, 5),
            "Der mangler 10 bookede samtaler om måneden indtil 31. december 2023.",
        ),
        (YEAR, "not_reached", 95, date(2023, 7, 5), "Der mangler 5 bookede samtaler inden 31. december 2023."),
        (YEAR, "not_reached", 40, date(2023, 12, 20), "Der mangler 60 bookede samtaler inden 31. december 2023."),
        (LEVEL, "not_reached", 100, date(2023, 5, 1), "Der mangler 65 medlemsforeninger inden 31. december 2023."),
        (YEAR, "not_reached", 40, date(2024, 1, 1), "Målet blev ikke nået: 40 af 100 bookede samtaler ved fristen."),
    ],
    ids=["reached", "a pace a month", "less than a pace", "the last month", "a level", "too late"],
)
def test_the_forecast_is_one_plain_danish_sentence(
    aim: Aim, judged: Result, value: int, today: date, wanted: str
) -> None:
    assert forecast(aim, judged, Decimal(value), today).da == wanted


def test_large_numbers_are_written_the_danish_way() -> None:
    aim = Aim(Decimal(11000), None, date(2023, 12, 31), Decimal(1), "unikke besøgende", "unique visitors")

    sentence = forecast(aim, "not_reached", Decimal(0), date(2023, 5, 1))

    assert "11.000" in sentence.da
    assert "11,000" in sentence.en
