"""Why a reported number is another one today, told from the facts then and now."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from services.kpi.definition.plan import Goal, Period
from services.kpi.reports.rules import FactKey, fact_changes, until
from tests.unit.kpi.cast import odense


def key(n: int) -> FactKey:
    return FactKey("", "", UUID(int=n))


def facts(**amounts: int) -> dict[FactKey, Decimal]:
    return {key(int(name[1:])): Decimal(amount) for name, amount in amounts.items()}


@pytest.mark.parametrize(
    ("before", "after", "causes"),
    [
        (facts(_1=1), facts(_1=1), []),
        (facts(), facts(), []),
        (facts(_1=1), facts(_1=1, _2=1), ["late_fact"]),
        (facts(_1=1), facts(_1=1, _2=-1), ["correction"]),
        (facts(_1=7), facts(_1=0, _2=9), ["correction", "late_fact"]),
        (facts(_1=7), facts(_1=0), ["correction"]),
        (facts(_1=1, _2=1), facts(_1=1), ["erasure"]),
        (facts(_1=0), facts(_1=1), ["correction"]),
        (facts(_1=1), facts(_1=1, _2=0), ["correction"]),
    ],
)
def test_a_change_has_its_cause(
    before: dict[FactKey, Decimal], after: dict[FactKey, Decimal], causes: list[str]
) -> None:
    assert [change.cause for change in fact_changes(before, after)] == causes


def goal(period: Period | None, due: date | None) -> Goal:
    some = next(each for each in odense().goals if each.id == "A.1")
    return some.model_copy(update={"period": period, "due": due})


@pytest.mark.parametrize(
    ("asked", "day", "ends"),
    [
        (goal(Period(start=date(2023, 1, 1), end=date(2023, 12, 31)), None), date(2024, 2, 1), date(2023, 12, 31)),
        (goal(Period(start=date(2023, 1, 1), end=date(2023, 12, 31)), None), date(2023, 12, 31), date(2023, 12, 31)),
        (goal(Period(start=date(2023, 1, 1), end=date(2023, 12, 31)), None), date(2023, 6, 30), date(2023, 6, 30)),
        (goal(Period(start=date(2023, 7, 1), end=date(2023, 12, 31)), None), date(2023, 6, 30), None),
        (goal(None, date(2023, 12, 31)), date(2023, 6, 30), date(2023, 6, 30)),
    ],
)
def test_on_a_day_a_goal_is_the_one_that_ends_then(asked: Goal, day: date, ends: date | None) -> None:
    shorter = until(asked, day)

    assert (shorter and shorter.ends) == ends
