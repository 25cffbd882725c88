"""The figures of the yearly report: what supplies each, and that nothing uncounted is written as none."""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from services.kpi.adoption import bundled_plans
from services.kpi.definition.goal import Goal
from services.kpi.definition.parse import parse_plan
from services.kpi.definition.plan import Plan
from services.kpi.definition.vocabulary import spoken
from services.kpi.goals.schemas import GoalAnswer
from services.kpi.models import GoalStatus
from services.kpi.yearly.rules import Figure, Found, Observed, as_plan_language, declared, found, supplies

FIGURES = {figure.id: figure for figure in declared().figures}
COUNTED = [figure for figure in FIGURES.values() if figure.series is None]
SPRING = datetime(2023, 3, 1, 12, tzinfo=UTC)


@cache
def plans() -> list[Plan]:
    return bundled_plans()


def goal(id: str, year: int = 2023) -> Goal:
    plan = next(plan for plan in plans() if any(goal.id == id for goal in plan.goals)).for_year(year)
    return next(goal for goal in plan.goals if goal.id == id)


def answer(**more: Any) -> GoalAnswer:
    told = {"plan": "town-2023", "id": "1.1", "source": "live", "comparison": "at_least", "status": GoalStatus.LIVE}
    number = {"value": Decimal(3), "counted": None, "events": 3, "as_of": SPRING, "coverage_from": SPRING}
    return GoalAnswer.model_construct(**told | number | more)


def conversations(**more: Any) -> Found:
    return found(FIGURES["conversations"], 2023, [(goal("A.1"), answer(**more))], {})


@pytest.mark.parametrize("figure", COUNTED, ids=lambda figure: figure.id)
def test_every_figure_is_counted_by_a_goal_of_a_plan_that_comes_with_kompas(figure: Figure) -> None:
    assert any(supplies(goal, figure, plan.year) for plan in plans() for goal in plan.goals)


@pytest.mark.parametrize("figure", COUNTED, ids=lambda figure: figure.id)
def test_the_goal_that_a_missing_figure_asks_for_supplies_it(figure: Figure) -> None:
    """The advice is copied into a plan as it stands."""
    levels = {"stock", "latest"}
    assert figure.measure is not None
    when = "due: 2023-12-31" if figure.measure.kind in levels else "period: {start: 2023-01-01, end: 2023-12-31}"
    text = f"""
plan: town
year: 2023
tenants: [odense]
title: Byen
title_en: Town
themes: {{"1": "Tema"}}
goals:
  - id: "1.1"
    theme: "1"
    statement: "s"
    statement_en: "s"
    unit: "u"
    unit_en: "u"
    source: live
    {when}
    {as_plan_language(figure)}
"""
    assert supplies(parse_plan(text, spoken()).goals[0], figure, 2023)


def test_a_figure_has_the_number_of_the_goal_that_counts_it() -> None:
    stands = conversations()

    assert (stands.state, stands.value, stands.made) == ("counted", Decimal(3), "live")
    assert (stands.plan, stands.goal, stands.as_of) == ("town-2023", "1.1", date(2023, 3, 1))


def test_none_counted_is_zero_and_nothing_heard_is_no_number() -> None:
    assert conversations(value=Decimal(0), events=0).value == 0
    for silent in (None, datetime(2024, 1, 1, 12, tzinfo=UTC)):
        stands = conversations(value=Decimal(0), events=0, coverage_from=silent)
        assert (stands.state, stands.value) == ("not_counted", None)
        assert "town-2023" in stands.why.da


def test_a_goal_whose_history_is_being_read_has_no_number_yet() -> None:
    stands = conversations(status=GoalStatus.BACKFILLING)

    assert (stands.state, stands.value) == ("being_read", None)


def test_of_a_trend_the_number_is_told_and_not_its_change() -> None:
    grown = answer(comparison="increase", value=Decimal(2), counted=Decimal(9))

    assert found(FIGURES["new_volunteers"], 2024, [(goal("KAL5.3", 2024), grown)], {}).value == 9


def test_a_goal_of_another_year_supplies_nothing() -> None:
    stands = found(FIGURES["conversations"], 2024, [(goal("A.1"), answer())], {})

    assert stands.state == "not_counted"
    assert "measure: {kind: count, of: booking.confirmed" in stands.why.da


def test_what_people_read_off_is_told_with_its_day_or_asked_for() -> None:
    read_off = {"facebook_followers": Observed(Decimal("1650.5"), date(2023, 6, 30))}

    told, asked = (found(FIGURES[name], 2023, [], read_off) for name in ("facebook", "linkedin"))

    assert (told.value, told.made, told.as_of) == (Decimal("1650.5"), "observation", date(2023, 6, 30))
    assert (asked.state, asked.value) == ("not_counted", None)
    assert "linkedin_followers" in asked.why.da
