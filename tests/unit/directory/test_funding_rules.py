"""When associations are told of funders' deadlines, how often at most, and in what words."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from services.directory.funding.rules import Policy, is_last, line, listed, next_year, to_tell

TODAY = date(2026, 10, 24)  # The day before the clocks go back.


@dataclass(frozen=True)
class Deadline:
    due_on: date
    told_for: date | None = None
    told_last_for: date | None = None


def due_in(days: int, told: bool = False, told_last: bool = False) -> Deadline:
    due_on = TODAY + timedelta(days=days)
    return Deadline(due_on, due_on if told else None, due_on if told_last else None)


@pytest.mark.parametrize(
    ("deadlines", "told"),
    [
        pytest.param([31], [], id="too early"),
        pytest.param([30], [30], id="a month before"),
        pytest.param([30, 45, 60, 61], [30, 45, 60], id="the month's others along, and no more"),
        pytest.param([1], [1], id="the day before"),
        pytest.param([0], [], id="on the day it is too late to begin"),
        pytest.param([-1], [], id="what is over"),
    ],
)
def test_what_comes_near_is_told_with_what_comes_soon_after(deadlines: list[int], told: list[int]) -> None:
    found = to_tell([due_in(days) for days in deadlines], Policy(), TODAY, None)

    assert found == [due_in(days) for days in told]


@pytest.mark.parametrize(
    ("deadline", "told"),
    [
        pytest.param(due_in(20, told=True), False, id="told once, and not yet near"),
        pytest.param(due_in(7, told=True), True, id="a week before once more"),
        pytest.param(due_in(7, told=True, told_last=True), False, id="and that is all"),
        pytest.param(replace(due_in(20), told_for=TODAY), True, id="moved since: told of anew"),
        pytest.param(replace(due_in(20, told=True), told_last_for=TODAY), False, id="moved since, and told of already"),
    ],
)
def test_nothing_is_told_twice_for_the_same_day(deadline: Deadline, told: bool) -> None:
    assert bool(to_tell([deadline], Policy(), TODAY, None)) is told


@pytest.mark.parametrize(
    ("due", "last_letter_before", "told"),
    [
        pytest.param(20, 6, False, id="six days after a letter it waits"),
        pytest.param(20, 7, True, id="a week after it does not"),
        pytest.param(2, 6, False, id="what can be told the day before waits"),
        pytest.param(1, 6, True, id="what would come too late is told at once"),
        pytest.param(5, 1, True, id="even the day after a letter"),
    ],
)
def test_at_most_one_letter_a_week_but_for_what_cannot_wait(due: int, last_letter_before: int, told: bool) -> None:
    last_letter = TODAY - timedelta(days=last_letter_before)

    assert bool(to_tell([due_in(due)], Policy(), TODAY, last_letter)) is told
    assert to_tell([due_in(due)], Policy(None, None), TODAY, last_letter) == []


@pytest.mark.parametrize(("days", "last"), [(14, True), (15, False), (1, True)])
def test_what_is_told_within_two_weeks_is_not_told_once_more(days: int, last: bool) -> None:
    assert is_last(due_in(days), Policy(), TODAY) is last
    assert not is_last(due_in(days), Policy(30, None), TODAY)


def test_a_year_of_monthly_deadlines_is_at_most_a_letter_a_week_and_two_for_each() -> None:
    """As the worker does it day by day, with what comes to a hundred deadlines."""
    policy, last_letter = Policy(), None
    deadlines = [due_in(days) for days in range(1, 400, 4)]
    letters, named = [], [0] * len(deadlines)
    for today in (TODAY + timedelta(days=days) for days in range(400)):
        if told := to_tell(deadlines, policy, today, last_letter):
            letters.append(today)
            last_letter = today
            for place, each in enumerate(deadlines):
                if each in told:
                    named[place] += 1
                    ended = each.due_on if is_last(each, policy, today) else each.told_last_for
                    deadlines[place] = Deadline(each.due_on, each.due_on, ended)

    assert {(later - earlier).days >= 7 for earlier, later in pairwise(letters)} == {True}
    assert set(named) == {1, 2}
    assert named.count(1) <= 4, "only what was due within two weeks when it began"


@pytest.mark.parametrize(
    ("due_on", "following"),
    [
        pytest.param(date(2026, 10, 23), date(2027, 10, 23), id="yesterday"),
        pytest.param(date(2024, 3, 1), date(2027, 3, 1), id="while nothing ran for years"),
        pytest.param(date(2024, 2, 29), date(2027, 2, 28), id="a leap day"),
        pytest.param(date(2025, 10, 24), TODAY, id="it is today"),
    ],
)
def test_what_comes_every_year_comes_next(due_on: date, following: date) -> None:
    assert next_year(due_on, TODAY) == following


def test_a_line_says_when_what_whose_and_where() -> None:
    told = (date(2026, 12, 1), "§18-midler til sårbare", "Ældrepuljen på Ærø", "https://odense.dk/§18")

    assert line(*told, "da") == "1. december 2026: §18-midler til sårbare (Ældrepuljen på Ærø) https://odense.dk/§18"
    assert line(*told[:3], None, "en") == "1 December 2026: §18-midler til sårbare (Ældrepuljen på Ærø)"


def test_a_letter_names_as_many_as_anybody_reads() -> None:
    assert listed(["a", "b"], "da") == "a\nb"
    assert listed(["a"] * 21, "da").splitlines()[19:] == ["a", "… og 1 anden, som siden viser."]
    assert listed(["a"] * 22, "en").splitlines()[20:] == ["… and 2 others that the page shows."]
