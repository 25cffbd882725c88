"""`docs/goals.md` says what the plans of today say."""

from services.kpi.adoption import bundled_plans
from services.kpi.plans.in_words import aimed_at, counted
from services.kpi.plans.reference import PAGE, reference


def test_the_page_is_made_of_todays_plans() -> None:
    """When this fails, run `make docs` and read the difference before you commit it."""
    assert PAGE.read_text(encoding="utf-8") == reference()


def test_every_goal_is_on_the_page_with_its_own_words() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert [goal.id for plan in bundled_plans() for goal in plan.goals if goal.statement not in page] == []


def test_every_way_of_counting_has_words() -> None:
    goals = {goal.id: goal for plan in bundled_plans() for goal in plan.goals}

    assert aimed_at(goals["S3.2.1"]) == "2 to 3"
    assert aimed_at(goals["S5.3.1a"]) == "≤ 14"
    assert counted(goals["S2.1.2"].measure) == (
        "quarters with at least 1, of how many gatherings held whose `kind` is `dialogue_meeting`"
    )
    assert "holds at least 1 whose `sector` is `public`" in counted(goals["S2.1.1"].measure)
    assert counted(goals["S4.0"].measure).startswith(
        "the change from 69 in how many there are on that day: memberships started"
    )
