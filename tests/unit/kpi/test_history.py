"""Curves: what a number had come to, day by day, and the days that a curve has points for."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from services.kpi.counting.fact import Fact
from services.kpi.definition.goal import Goal
from services.kpi.goals.rules import Aim
from services.kpi.history.rules import (
    By,
    Line,
    Movement,
    begins,
    closes,
    curve,
    ends_of,
    line,
    no_curve,
    pace,
    way,
)
from shared.clock import DANISH
from tests.unit.kpi.cast import Memory, odense, registry
from tests.unit.kpi.test_any_order import tellings

COUNT = {"kind": "count", "of": "gathering.held"}
YEAR = {"start": "2023-01-01", "end": "2023-12-31"}
WORDS = {"id": "1.1", "theme": "1", "statement": "s", "statement_en": "s", "unit": "u", "unit_en": "u"}


def goal(measure: dict[str, Any], **more: Any) -> Goal:
    dated = {} if "due" in more else {"period": YEAR}
    return Goal.model_validate(WORDS | {"source": "live", "target": 4, "measure": measure} | dated | more)


def moved(on: str, amount: float, dimension: str = "", part: str = "") -> Movement:
    day = date.fromisoformat(on)
    return Movement(day, part, dimension, Decimal(str(amount)), datetime(day.year, day.month, day.day, tzinfo=UTC), 1)


def days(*written: str) -> list[date]:
    return [date.fromisoformat(each) for each in written]


def values(of: Goal, movements: list[Movement], *ends: str) -> list[Decimal | None]:
    return [point.value for point in curve(of, movements, days(*ends))]


@pytest.mark.parametrize(
    ("by", "first", "last", "expected"),
    [
        ("day", "2023-03-25", "2023-03-27", ["2023-03-25", "2023-03-26", "2023-03-27"]),
        ("week", "2022-12-29", "2023-01-10", ["2023-01-01", "2023-01-08", "2023-01-10"]),
        ("week", "2023-01-01", "2023-01-01", ["2023-01-01"]),
        ("month", "2024-01-15", "2024-03-05", ["2024-01-31", "2024-02-29", "2024-03-05"]),
        ("day", "2023-03-02", "2023-03-01", []),
        ("week", "2023-03-07", "2023-03-06", []),
        ("month", "2023-03-02", "2023-03-01", []),
    ],
)
def test_a_point_stands_at_the_end_of_each_stretch_and_the_last_where_the_curve_ends(
    by: By, first: str, last: str, expected: list[str]
) -> None:
    assert list(ends_of(date.fromisoformat(first), date.fromisoformat(last), by)) == days(*expected)


def test_what_is_counted_adds_up_and_an_undoing_takes_away_on_its_own_day() -> None:
    movements = [moved("2023-01-05", 2), moved("2023-02-01", 1), moved("2023-03-31", -1)]

    assert values(goal(COUNT), movements, "2023-01-04", "2023-01-05", "2023-02-28", "2023-03-31") == [0, 2, 3, 2]


def test_of_a_series_the_newest_stands_until_the_next_and_before_the_first_there_is_no_number() -> None:
    followers = goal({"kind": "manual", "series": "followers"}, source="observation", due="2023-12-31")
    movements = [moved("2023-02-01", 1600), moved("2023-05-01", 1550.5)]

    found = values(followers, movements, "2023-01-31", "2023-02-28", "2023-05-31")

    assert found == [None, 1600, Decimal("1550.5")]


def test_the_largest_group_so_far_is_the_number() -> None:
    measure = {"kind": "max_per_group", "of": "gathering.held", "value": "participants"}
    course = goal(measure, comparison="at_most")
    movements = [moved("2023-02-01", 12), moved("2023-03-01", 9), moved("2023-04-01", 15)]

    assert values(course, movements, "2023-01-31", "2023-02-28", "2023-03-31", "2023-04-30") == [None, 12, 12, 15]


def test_four_meetings_in_one_quarter_lift_the_curve_once() -> None:
    quarterly = goal({"kind": "per_window", "window": "quarter", "count": COUNT})
    movements = [moved("2023-01-05", 4, "2023-Q1"), moved("2023-06-01", 1, "2023-Q2")]

    assert values(quarterly, movements, "2023-01-31", "2023-05-31", "2023-06-30") == [1, 1, 2]


def test_the_smallest_of_the_members_is_the_number() -> None:
    measure = {"kind": "each_of", "members": ["Klima", "Sundhed"], "parts": {"held": COUNT | {"by": "audience_unit"}}}
    both = goal(measure, comparison="each_of")
    movements = [moved("2023-01-05", 3, "Klima", "held"), moved("2023-02-05", 1, "Sundhed", "held")]

    assert values(both, movements, "2023-01-31", "2023-02-28") == [0, 1]


def test_of_a_trend_the_number_itself_is_drawn_towards_what_would_be_change_enough() -> None:
    growing = goal({"kind": "trend", "measure": COUNT, "against": {"baseline": 69}}, comparison="increase")
    aim = Aim(Decimal(4), date(2023, 1, 1), date(2023, 12, 31), Decimal("0.9"), "u", "u", "increase")

    assert values(growing, [moved("2023-01-05", 70)], "2023-01-31") == [70]
    assert line(aim, Decimal(69)) == Line(Decimal(73), Decimal(69))
    assert line(aim, None) == Line(None, None)


REGISTER = {"of": "stakeholder.designated", "minus": "stakeholder.removed"}
HAVING = {"of": "material.exposed", "key": "stakeholder_id"}
ANSWERS = {"of": "survey.response_submitted", "value": "answers.x", "latest_by": "organisation_id"}


@pytest.mark.parametrize(
    ("measure", "more"),
    [
        ({"kind": "ratio", "register": REGISTER, "having": HAVING}, {"comparison": "all_of"}),
        ({"kind": "sum", "date": "answered_on"} | ANSWERS, {"source": "survey"}),
    ],
)
def test_what_receipts_do_not_tell_is_refused_with_the_reason(measure: dict[str, Any], more: dict[str, Any]) -> None:
    reason = no_curve(goal(measure, **more))

    assert reason is not None
    assert "kurve" in reason.da
    assert "curve" in reason.en


def test_a_curve_ends_today_or_when_due_and_later_only_for_what_was_undone_afterwards() -> None:
    meetings = goal(COUNT)

    assert closes(meetings, [], date(2023, 5, 1)) == date(2023, 5, 1)
    assert closes(meetings, [moved("2023-05-01", 1)], date(2026, 5, 1)) == date(2023, 12, 31)
    assert closes(meetings, [moved("2024-01-05", -1)], date(2026, 5, 1)) == date(2024, 1, 5)


def test_a_level_begins_with_the_year_it_is_due_in() -> None:
    assert begins(goal(COUNT)) == date(2023, 1, 1)
    assert begins(goal({"kind": "manual", "series": "x"}, source="observation", due="2023-06-30")) == date(2023, 1, 1)


def test_the_pace_reaches_the_target_on_the_due_date_and_a_level_has_none() -> None:
    paced = Aim(Decimal(100), date(2023, 1, 1), date(2023, 4, 10), Decimal("0.9"), "u", "u")
    level = Aim(Decimal(100), None, date(2023, 4, 10), Decimal("0.9"), "u", "u")
    ends = days("2023-01-31", "2023-04-10")

    assert [point.value for point in pace(paced, line(paced, None), ends)] == [31, 100]
    assert list(pace(level, line(level, None), ends)) == []


def remembered(memory: Memory, of: Goal) -> list[Movement]:
    """What the two queries of `history/repository.py` ask of PostgreSQL."""
    if way(of) == "adds":
        receipts = [(key, each) for key, each in memory.receipts.items() if key.tally.goal == of.id]
        found = [
            Movement(
                each.time.astimezone(DANISH).date(), key.tally.part, key.tally.dimension, each.amount, each.time, 1
            )
            for key, each in receipts
        ]
        return sorted(found, key=lambda movement: movement.day)
    things = [pair for states in memory.entries.values() for pair in states.items()]
    standing = [(tally, each) for tally, each in things if tally.goal == of.id and each.counts]
    standing.sort(key=lambda pair: (pair[1].day, pair[1].recorded, pair[1].event_id))
    return [
        Movement(each.day or each.time.date(), tally.part, tally.dimension, each.amount, each.time, 1)
        for tally, each in standing
    ]


@settings(deadline=None, max_examples=100)
@given(tellings())
def test_however_it_was_told_every_curve_ends_at_the_goals_number(
    told: tuple[list[Fact], list[list[Fact]]],
) -> None:
    memory = Memory(registry(2023))
    for batch in told[1]:
        memory.hear(batch)

    for each in (each for each in odense(2023).goals if no_curve(each) is None):
        movements, now = remembered(memory, each), memory.read(each.id)
        ends = [closes(each, movements, date(2026, 1, 1))]
        number = now.counted if each.comparison in ("increase", "decrease") else now.value
        assert [point.value for point in curve(each, movements, ends)] == [number], each.id
