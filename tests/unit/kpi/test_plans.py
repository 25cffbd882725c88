"""The plan files: the source's own words, every mistake told with its line, and the same plan another year."""

import re
from datetime import date

import pytest

from services.kpi.counting.compile import compile_goal
from services.kpi.definition.parse import PlanInvalid, parse_plan
from services.kpi.definition.plan import Plan, split_plan_id
from services.kpi.definition.vocabulary import spoken
from tests.unit.kpi.cast import PLAN_FILE, odense

TEXT = PLAN_FILE.read_text(encoding="utf-8")


def test_the_plan_states_the_twenty_numbered_goals_first() -> None:
    ids = [goal.id for goal in odense().goals[:20]]

    assert ids == "1.1 1.2 2.1 2.2 3.1 3.2 4.1 4.2 5.1 5.2 6.1 6.2 A.1 A.2 B.1 B.2 K.1 K.2 K.3 K.4".split()  # noqa: SIM905


TARGETS = {"2.1": 6000, "2.2": 270, "3.1": 3, "3.2": 6, "4.2": 150, "5.1": 10, "5.2": 500, "6.1": 30, "6.2": 350}
TARGETS |= {"A.1": 100, "A.2": 70, "B.1": 165, "B.2": 1000, "K.1": 11000, "K.2": 1900, "K.3": 900, "K.4": 420}


@pytest.mark.parametrize(("goal", "target"), TARGETS.items())
def test_a_goals_target_is_the_number_in_its_own_words(goal: str, target: int) -> None:
    found = next(each for each in odense().goals if each.id == goal)

    assert found.target == target
    assert str(target) in re.sub(r"(?<=\d)\.(?=\d{3})", "", found.statement)


def test_each_goal_says_what_its_source_leaves_open_and_what_was_decided() -> None:
    assert [goal.id for goal in odense().goals if not goal.note] == []


def changed(old: str, new: str) -> str:
    assert old in TEXT
    return TEXT.replace(old, new, 1)


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "where", "message"),
    [
        ('id: "1.1"', "id: 1.1", "id: 1.1", "goals.1.1.id: must be text: put it in quotes"),
        ("minus: membership.ended", "minus: membership.end", "minus: membership.end", "no event is called"),
        (
            "{site: socialkompas}, unique: [page, visitor]}",
            "{sight: x}, unique: [page, visitor]}",
            "sight: x",
            "no field sight",
        ),
        (
            "purpose: seeking_community",
            "purpose: lonely",
            "purpose: lonely",
            "purpose of booking.requested is never lonely",
        ),
        (
            "distinct_by: company_id",
            "distinct_by: company",
            "distinct_by: company}",
            "engagement.held has no field company",
        ),
        ("      kind: stock\n", "      kind: stack\n", "kind: stack", "does not match any of the expected tags"),
        ("target: 6000", "target: 0", "target: 0", "goals.2.1.target: Input should be greater than 0"),
        ("target: 6000", "targt: 6000", "targt: 6000", "goals.2.1.targt: is not a word of the plan language"),
        ("due: 2023-12-31", "due: 2023-02-30", "due: 2023-02-30", "day is out of range for month"),
        ('theme: "3"', 'theme: "33"', "plan: odense", "themes"),
        ("target: 6000", "target: 6000\n    target: 7000", "target: 7000", "target: written twice in the same place"),
        ('id: "1.2"', 'id: "1.1"', "plan: odense", "goal id used twice: 1.1"),
        ("comparison: all_of", "comparison: at_least", 'id: "4.1"', "all_of and measure ratio belong together"),
        (
            "period: {start: 2023-01-01, end: 2023-12-31}",
            "period: {start: 2023-12-31, end: 2023-01-01}",
            "period: {start: 2023-12-31",
            "ends before it begins",
        ),
        ("target: 6000", "target: .inf", "target: .inf", "goals.2.1.target: is too large a number"),
        ("target: 6000", "target: 1.0e+308", "target: 1.0e+308", "goals.2.1.target: is too large a number"),
        ("due: 2023-12-31", "due: 9999-12-31", "due: 9999-12-31", "due: is more than 50 years from the plan's year"),
        ("due: 2023-12-31", "due: 0001-01-01", "due: 0001-01-01", "due: is more than 50 years from the plan's year"),
        ('unit: "virksomheder"', 'unit: "\\0"', 'unit: "\\0"', "contains a character that cannot be stored"),
        ("goals:", "goals: [", "measure:", "expected"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "",
)
def test_a_mistake_is_told_with_its_line_and_reason(old: str, new: str, where: str, message: str) -> None:
    text = changed(old, new)

    with pytest.raises(PlanInvalid) as refused:
        parse_plan(text, spoken(), name="odense-2023.yaml")

    told = "\n".join(str(mistake) for mistake in refused.value.mistakes)
    assert message in told
    if where != "measure:":
        assert f"odense-2023.yaml:{line_of(text, where)}: " in told


def test_all_mistakes_are_told_at_once() -> None:
    text = changed("target: 6000", "target: many").replace('unit: "virksomheder"', "unit: 6")

    with pytest.raises(PlanInvalid) as refused:
        parse_plan(text, spoken())

    assert [mistake.field for mistake in refused.value.mistakes] == ["goals.2.1.target", "goals.3.2.unit"]


def test_what_is_missing_is_told_where_it_is_missing() -> None:
    text = re.sub(r'    unit: "virksomheder"\n', "", TEXT)

    with pytest.raises(PlanInvalid) as refused:
        parse_plan(text, spoken())

    [mistake] = refused.value.mistakes
    assert (mistake.field, mistake.reason) == ("goals.3.2.unit", ("mangler", "is missing"))
    assert mistake.line == line_of(text, 'id: "3.2"')


@pytest.mark.parametrize("text", ["", "- a\n- b", "plan: {", "\t", "plan: !!python/object:os.system {}"])
def test_what_is_no_plan_at_all_is_refused_as_one(text: str) -> None:
    with pytest.raises(PlanInvalid):
        parse_plan(text, spoken())


def test_a_plan_for_another_year_has_the_same_goals_with_their_dates_moved() -> None:
    moved = odense().for_year(2026)

    assert moved.id == "odense-2026"
    assert {goal.starts for goal in moved.goals} == {None, date(2026, 1, 1)}
    assert [goal.ends for goal in moved.goals] == [goal.ends.replace(year=2026) for goal in odense().goals]
    assert [goal.statement for goal in moved.goals] == [goal.statement for goal in odense().goals]


def test_a_leap_day_moves_to_the_last_of_february() -> None:
    text = changed("period: {start: 2023-01-01, end: 2023-12-31}", "period: {start: 2024-02-29, end: 2024-03-01}")

    moved = parse_plan(text, spoken()).for_year(2024)

    assert (moved.goals[0].starts, moved.goals[0].ends) == (date(2025, 2, 28), date(2025, 3, 1))


def test_a_stored_plan_reads_back_as_itself() -> None:
    plan = odense(2026)

    assert Plan.model_validate(plan.model_dump(mode="json", by_alias=True)) == plan


def test_a_plan_that_is_gone_by_already_is_read_whatever_its_numbers() -> None:
    stored = odense().model_dump(mode="json", by_alias=True)
    stored["goals"][0] |= {"target": 1e308, "period": {"start": "0001-01-01", "end": "9999-12-31"}}

    assert Plan.model_validate(stored).goals[0].target == 1e308


def test_a_plans_name_is_split_at_its_year() -> None:
    assert split_plan_id("odense-2026") == ("odense", 2026)
    assert split_plan_id("odense") is None


def test_a_goal_that_outlives_its_event_stands_still_and_harms_no_other() -> None:
    plan = odense()
    without = {name: kind for name, kind in spoken().items() if name != "booking.confirmed"}

    heard = {wire for goal in plan.goals for wire, _ in compile_goal("odense", plan, goal, without)}

    assert "kompas.booking.booking.confirmed.v1" not in heard
    assert {"kompas.booking.booking.cancelled.v1", "kompas.booking.booking.requested.v1"} <= heard
