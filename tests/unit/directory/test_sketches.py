"""Counting who is different, without a list of who there was."""

from services.directory.statistics.sketches import NOBODY, Estimate, added, in_any


def names(first: int, after: int) -> list[str]:
    return [f"{number:032x}" for number in range(first, after)]


def test_nobody_is_nobody() -> None:
    assert in_any([]) == in_any([added(None, [])]) == NOBODY


def test_a_few_hundred_are_counted_exactly_and_nobody_twice() -> None:
    morning = added(None, names(0, 100))
    day = added(morning, names(50, 200))

    assert in_any([morning]) == Estimate(100, 100, 100)
    assert in_any([day, morning]) == Estimate(200, 200, 200)


def test_thousands_are_estimated_within_what_is_promised_in_two_kilobytes() -> None:
    sketch = b""
    for start in range(0, 20_000, 500):
        sketch = added(sketch, names(start, start + 500))
    found = in_any([sketch, added(None, names(0, 10_000))])

    assert len(sketch) < 2_200
    assert found.low <= 20_000 <= found.high
    assert abs(found.value - 20_000) < 0.033 * 20_000
