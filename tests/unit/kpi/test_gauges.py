"""What Prometheus is shown of goals: enough to tell "behind" from "nothing arrives any more"."""

from datetime import UTC, date, datetime
from decimal import Decimal

from prometheus_client import CollectorRegistry

from services.kpi.counting.keys import GoalKey
from services.kpi.counting.reading import Reading
from services.kpi.goals.gauges import GoalGauges, Standing
from services.kpi.goals.rules import Aim

DAY = 86_400
GOAL = {"tenant": "odense", "plan": "odense-2023", "goal": "A.1"}


def standing(
    value: int | None, facts: int, on: date, *, paced: bool = True, newest: date = date(2023, 3, 2)
) -> Standing:
    aim = Aim(
        target=Decimal(365),
        starts=date(2023, 1, 1) if paced else None,
        due=date(2023, 12, 31),
        mostly=Decimal("0.9"),
        unit="samtaler",
        unit_en="conversations",
    )
    number = None if value is None else Decimal(value)
    as_of = datetime(newest.year, newest.month, newest.day, tzinfo=UTC) if facts else None
    return Standing(GoalKey(**GOAL), "Spor A", "Bookede samtaler: 365", aim, Reading(number, as_of, facts, None), on)


def shown(goal: Standing, name: str, **more: str) -> float | None:
    registry = CollectorRegistry()
    GoalGauges(registry).show([goal])
    return registry.get_sample_value(f"kpi_goal_{name}", GOAL | more)


def test_a_running_goal_shows_its_number_its_pace_and_its_rhythm() -> None:
    goal = standing(6, 6, date(2023, 3, 10))

    assert shown(goal, "value") == 6
    assert shown(goal, "target") == 365
    assert shown(goal, "expected") == 69
    assert shown(goal, "result", result="not_reached") == 1
    assert shown(goal, "result", result="reached") is None
    assert shown(goal, "last_fact_timestamp_seconds") == datetime(2023, 3, 2, tzinfo=UTC).timestamp()
    assert shown(goal, "info", theme="Spor A", statement="Bookede samtaler: 365") == 1
    # Sixty days and an hour (a Danish year begins an hour before UTC's) with six facts.
    assert shown(goal, "usual_gap_seconds") == (60 * DAY + 3600) / 6


def test_a_goal_without_a_number_has_no_sample_of_it() -> None:
    goal = standing(None, 0, date(2023, 3, 10))

    assert shown(goal, "value") is None
    assert shown(goal, "last_fact_timestamp_seconds") is None
    assert shown(goal, "result", result="not_started") == 1


def test_what_has_no_rhythm_cannot_fall_silent() -> None:
    seldom = standing(2, 2, date(2023, 3, 10))
    over = standing(6, 6, date(2024, 1, 1))
    level = standing(6, 6, date(2023, 3, 10), paced=False)

    assert [shown(goal, "usual_gap_seconds") for goal in (seldom, over, level)] == [None, None, None]


def test_what_is_over_or_has_no_pace_is_expected_at_no_number() -> None:
    assert shown(standing(6, 6, date(2024, 1, 1)), "expected") is None
    assert shown(standing(6, 6, date(2023, 3, 10), paced=False), "expected") is None


def test_a_goal_that_is_gone_is_no_longer_shown() -> None:
    registry = CollectorRegistry()
    gauges = GoalGauges(registry)
    gauges.show([standing(6, 6, date(2023, 3, 10))])

    gauges.show([])

    assert registry.get_sample_value("kpi_goal_value", GOAL) is None
