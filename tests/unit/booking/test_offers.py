"""Whose turn it is, as tables."""

from datetime import UTC, datetime, timedelta

import pytest

from services.booking.offers.rules import answer_by, hand_out, stands

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("line", "free", "expected"),
    [
        ("ab", [1], "a1"),
        ("ab", [1, 2], "a1 b2"),
        ("ab", [], ""),
        ("", [1], ""),
        ("cab", [1, 2], "c2 a1"),
        ("ca", [1], "a1"),
        ("cc", [2], "c2"),
    ],
    ids=["one", "enough", "nothing free", "nobody", "each what fits", "passed over", "once only"],
)
def test_what_is_free_goes_down_the_line(line: str, free: list[int], expected: str) -> None:
    """`c` takes nothing but 2."""
    offers = hand_out(line, free, lambda waiter, thing: waiter != "c" or thing == 2, lambda a, b: a == b)

    assert " ".join(f"{waiter}{thing}" for waiter, thing in offers) == expected


def test_what_is_offered_takes_everything_with_it_that_it_excludes() -> None:
    assert hand_out("ab", ["hall", "half"], lambda _a, _b: True, lambda _a, _b: True) == [("a", "hall")]


@pytest.mark.parametrize(
    ("given", "closes", "expected"),
    [
        (HOUR, NOW + 2 * HOUR, NOW + HOUR),
        (2 * HOUR, NOW + HOUR, NOW + HOUR),
        (HOUR, NOW, None),
        (HOUR, NOW - HOUR, None),
    ],
    ids=["the time given", "not beyond the beginning", "too late now", "long too late"],
)
def test_an_offer_stands_for_a_time(given: timedelta, closes: datetime, expected: datetime | None) -> None:
    assert answer_by(NOW, given, closes) == expected


def test_an_offer_ends_on_the_dot() -> None:
    assert stands(NOW + HOUR, NOW)
    assert not stands(NOW, NOW)
    assert not stands(None, NOW)
