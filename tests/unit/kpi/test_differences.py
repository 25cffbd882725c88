"""How two versions of a plan differ, and which differences make another goal of it."""

from typing import Any

import pytest
import yaml

from services.kpi.definition.plan import Plan
from services.kpi.versions.rules import differences
from services.kpi.versions.writing import written
from tests.unit.kpi.cast import odense

A1 = next(number for number, goal in enumerate(odense().goals) if goal.id == "A.1")


def with_(**words: Any) -> Plan:
    plan = odense().model_dump(mode="json", by_alias=True)
    plan["goals"][A1] |= words
    return Plan.model_validate(plan)


def test_the_same_plan_does_not_differ() -> None:
    assert list(differences(odense(), with_())) == []


def test_a_first_version_adds_every_goal_in_the_plans_order() -> None:
    changes = list(differences(None, odense()))

    assert [change.goal for change in changes] == [goal.id for goal in odense().goals]
    assert {(change.kind, change.recounted, change.wants_reason) for change in changes} == {("added", True, False)}


def test_a_goal_that_is_missing_is_retired() -> None:
    plan = odense()
    shorter = plan.model_copy(update={"goals": plan.goals[1:]})

    (change,) = differences(plan, shorter)

    assert (change.goal, change.kind, change.recounted, change.wants_reason) == (
        plan.goals[0].id, "retired", False, True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "redefined", "recounted"),
    [
        ({"statement_en": "Said better"}, False, False),
        ({"note": "Another note"}, False, False),
        ({"owner": "somebody else"}, False, False),
        ({"statement": "Noget andet"}, True, False),
        ({"target": 120}, True, False),
        ({"period": {"start": "2023-01-01", "end": "2023-06-30"}}, True, True),
        ({"measure": {"kind": "count", "of": "booking.confirmed"}}, True, True),
    ],
)
def test_other_words_are_no_other_goal(words: dict[str, Any], redefined: bool, recounted: bool) -> None:
    (change,) = differences(odense(), with_(**words))

    assert (change.goal, change.redefined, change.recounted) == ("A.1", redefined, recounted)
    assert [each.field for each in change.fields] == list(words)
    assert change.because("Derfor").reason == ("Derfor" if redefined else None)


def test_a_stored_plan_is_written_as_a_text_that_means_the_same() -> None:
    text = written(odense().model_dump(mode="json", by_alias=True))

    assert Plan.model_validate(yaml.safe_load(text)) == odense()
