"""Which goals are about people, and what everybody sees of a number."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kpi.adoption import bundled_plans
from services.kpi.definition.goal import Goal
from services.kpi.definition.people import about_people
from services.kpi.published.rules import STEP, Published, level, stepped

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "shown"), [(-2, 0), (0, 0), (1, 1), (4, 1), ("4.5", 1), (5, 5), (9, 5), (10, 10), (11_003, 11_000)]
)
def test_a_number_has_a_level(value: int | str, shown: int) -> None:
    assert level(Decimal(value)) == shown


@pytest.mark.parametrize(
    ("last", "value", "shown"),
    [(0, 1, 1), (1, 4, 1), (1, 5, 5), (5, 9, 5), (5, 10, 10), (5, 4, 5), (5, 1, 5), (5, 0, 0), (10, 6, 10), (10, 5, 5),
     (10, 3, 10 - 9), (1, 0, 1), (20, 40, 40)],
)  # fmt: skip
def test_it_moves_by_whole_steps(last: int, value: int, shown: int) -> None:
    assert stepped(Published(Decimal(last), NOW), Decimal(value)) == shown


@given(st.lists(st.sampled_from([-1, 1]), max_size=60))
def test_no_two_things_shown_after_each_other_are_one_person_apart(moves: list[int]) -> None:
    """But at the first one, who is seen to be somebody, one of up to four."""
    value, shown = Decimal(0), [Decimal(0)]
    for move in moves:
        value = max(value + move, Decimal(0))
        shown.append(stepped(Published(shown[-1], NOW), value))
        assert abs(value - shown[-1]) < STEP

    assert all(
        before == after or abs(after - before) >= STEP - 1 or (before == 0 and after == 1)
        for before, after in pairwise(shown)
    )
    back = [(before, after) for before, after in pairwise(shown) if after < before]
    assert all(before - after >= STEP - 1 for before, after in back)


OF_PEOPLE = {
    "odense-2023": {"1.2", "2.1", "4.2", "5.2", "6.1", "6.2", "A.1", "A.2", "K.1", "6.t1", "M.26"},
    "kalundborg-2024": {"KAL2.2", "KAL5.3"},
    "odense-committee-2023": {"OUF4.3", "OUF5.3"},
    "slagelse-2022": {"S1.2.1-t2", "S1.3.1-t", "S2.1.2-t", "S5.2.2-t", "S5.3.1a"},
    "faxe-2018": set[str](),
}


def test_the_goals_that_count_people_are_these() -> None:
    """Read whenever it changes: what is not here is public to the last digit."""
    assert {plan.id: {goal.id for goal in plan.goals if about_people(goal)} for plan in bundled_plans()} == OF_PEOPLE


@pytest.mark.parametrize(
    ("measure", "people"),
    [
        ({"kind": "count", "of": "volunteer.registered"}, True),
        ({"kind": "count", "of": "booking.confirmed"}, True),
        ({"kind": "count", "of": "booking.confirmed", "where": {"resource_kind": ["room", "conversation"]}}, True),
        ({"kind": "count", "of": "booking.confirmed", "where": {"resource_kind": ["room", "equipment"]}}, False),
        ({"kind": "count", "of": "gathering.held"}, False),
        ({"kind": "sum", "of": "gathering.held", "value": "participants"}, True),
        ({"kind": "distinct", "of": "booking.confirmed", "distinct_by": "organisation_id"}, False),
        ({"kind": "count", "of": ["gathering.held", "message.sent"]}, True),
    ],
)
def test_the_measure_says_whether_it_counts_people(measure: dict[str, object], people: bool) -> None:
    words = dict.fromkeys(("statement", "statement_en", "unit", "unit_en"), "x")
    period = {"start": "2023-01-01", "end": "2023-12-31"}
    goal = {"id": "1", "theme": "1", "source": "live", "period": period, "measure": measure, **words}

    assert about_people(Goal.model_validate(goal)) is people
    assert about_people(Goal.model_validate(goal | {"people": not people})) is not people
