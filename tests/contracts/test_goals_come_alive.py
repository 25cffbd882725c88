"""Every goal can be reached by events that exist: told what it waits for, its number moves as it should."""

from decimal import Decimal

import pytest

from services.kpi.adoption import bundled_plans
from services.kpi.counting.compile import compile_goal
from services.kpi.counting.reading import Reading, read
from services.kpi.counting.registry import Registry
from services.kpi.definition.goal import Goal
from services.kpi.definition.measures import MaxPerGroup, Ratio, Trend
from services.kpi.definition.plan import Plan
from services.kpi.definition.vocabulary import spoken
from tests.contracts.happenings import MANY, facts_for
from tests.unit.kpi.cast import Memory

GOALS = [pytest.param(plan, goal, id=f"{plan.id} {goal.id}") for plan in bundled_plans() for goal in plan.goals]


@pytest.mark.parametrize(("plan", "goal"), GOALS)
def test_what_a_goal_waits_for_reaches_it(plan: Plan, goal: Goal) -> None:
    reading = told(plan, goal)

    assert reading.events > 0
    if isinstance(goal.measure, Trend):
        assert (reading.counted or 0) > 0
    elif isinstance(goal.measure, MaxPerGroup):
        assert reading.value == goal.target, "a ceiling is met, not broken"
    else:
        assert (reading.value or Decimal(0)) >= min(Decimal(MANY), Decimal(str(goal.aim)))


@pytest.mark.parametrize(("plan", "goal"), GOALS)
def test_next_year_it_begins_again(plan: Plan, goal: Goal) -> None:
    """What was done for a year's goal does nothing for the next year's, but a level stays and a register too."""
    following = plan.for_year(plan.year + 1)
    later = next(each for each in following.goals if each.id == goal.id)

    reading = told(plan, goal, following, later)

    if later.starts is not None and not isinstance(later.measure, Trend | Ratio):
        assert (reading.value or 0) == 0


def told(plan: Plan, goal: Goal, counting: Plan | None = None, counted: Goal | None = None) -> Reading:
    """The goal (or the one that is `counted` instead) after everything that would reach it has happened."""
    listening, own = counting or plan, counted or goal
    tenant = plan.tenants[0]
    memory = Memory(Registry(1, list(compile_goal(tenant, listening, own, spoken()))))
    memory.hear(facts_for(tenant, plan, goal))
    return read(own, memory.tallies.values())
