"""Goals as tests: every goal of the sources is counted, in their own words, from something that can happen."""

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.kpi.adoption import bundled_plans
from services.kpi.definition import measures as ways
from services.kpi.definition.goal import Goal
from services.kpi.definition.measures import Facts, ListCondition
from services.kpi.definition.plan import Plan
from services.kpi.definition.vocabulary import spoken
from shared.events import CATALOGUE
from shared.events.schema import event_schema
from tests.contracts.heard import WITHOUT_A_GOAL, facts_of, heard

ROOT = Path(__file__).resolve().parents[2]
Json = dict[str, Any]

PLANS = {
    "odense-2023": "odense-2023",
    "slagelse-2022": "slagelse-2022",
    "kalundborg": "kalundborg-2024",
    "faxe": "faxe-2018",
    "odense-committee": "odense-committee-2023",
}
"""What the source calls it → the plan of ours; those without a year got one, and each says why."""

GOALS = {"odense-2023": 58, "slagelse-2022": 61, "kalundborg": 21, "faxe": 12, "odense-committee": 9}
NO_GOALS = {"fact", "proposal"}
HEARS = {"observation": "observation.recorded", "survey": "survey.response_submitted", "milestone": "milestone.reached"}


@cache
def index() -> dict[str, list[Json]]:
    return yaml.safe_load((ROOT / "tests/contracts/goals_index.yaml").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@cache
def plans() -> dict[str, Plan]:
    return {plan.id: plan for plan in bundled_plans()}


def goals() -> list[Goal]:
    return [goal for plan in plans().values() for goal in plan.goals]


EACH_PLAN = pytest.mark.parametrize("source", PLANS)
EACH_GOAL = pytest.mark.parametrize("goal", goals(), ids=lambda goal: goal.id)


def test_no_plan_comes_from_nowhere() -> None:
    assert set(plans()) == set(PLANS.values())


@EACH_PLAN
def test_a_plan_has_every_goal_of_its_source_in_the_sources_words(source: str) -> None:
    written = {entry["id"]: entry["statement"] for entry in index()[source] if entry["kind"] not in NO_GOALS}

    assert {goal.id: goal.statement for goal in plans()[PLANS[source]].goals} == written
    assert len(written) == GOALS[source]


@EACH_PLAN
def test_what_is_no_goal_stands_among_the_notes_with_a_reason(source: str) -> None:
    written = {entry["id"]: (entry["kind"], entry["statement"]) for entry in index()[source]}
    notes = plans()[PLANS[source]].notes

    assert {note.id: (note.kind, note.statement) for note in notes} == {
        name: (kind, statement) for name, (kind, statement) in written.items() if kind in NO_GOALS
    }
    assert [note.id for note in notes if len(note.reason) < 30] == []


@EACH_PLAN
def test_kind_row_codes_and_place_are_those_of_the_source(source: str) -> None:
    written = {entry["id"]: entry for entry in index()[source]}

    for goal in plans()[PLANS[source]].goals:
        entry = written[goal.id]
        codes = {letter: list(found) for letter, found in goal.codes.model_dump().items() if found}
        ours = (goal.kind, goal.row, goal.source_lines, codes)
        assert ours == (entry["kind"], entry.get("row"), entry["lines"], entry.get("codes", {})), goal.id


def test_slagelses_table_has_35_rows_and_a_criterion_is_one_code() -> None:
    slagelse = plans()["slagelse-2022"].goals

    assert len({goal.row for goal in slagelse} - {None}) == 35
    assert {code for goal in slagelse for code in goal.codes.K} == {"1,1", "1,2", "1,3", "2,1", "2,2", "2,3"}


def test_the_index_is_what_the_source_says_where_the_source_stands_beside_the_repository() -> None:
    file = ROOT.parent / "shared/goals.yaml"
    source = yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else index()

    for plan, entries in index().items():
        assert [told(entry) for entry in entries] == [told(entry) for entry in source[plan]]


def told(entry: Json) -> tuple[Any, ...]:
    codes = {letter: found for letter, found in entry.get("codes", {}).items() if found}
    return entry["id"], entry["kind"], entry["statement"], entry.get("row"), codes


@EACH_GOAL
def test_a_goal_is_fed_by_what_its_source_says(goal: Goal) -> None:
    fed_by = {name for facts in facts_of(goal.measure) for name in facts.of}

    if goal.source == "live":
        assert fed_by <= spoken().keys() - set(HEARS.values())
    else:
        assert fed_by == {HEARS[goal.source]}


@EACH_GOAL
def test_a_goal_says_in_both_languages_what_is_counted_and_what_was_decided(goal: Goal) -> None:
    assert all((goal.statement_en, goal.unit, goal.unit_en, goal.measured_by, goal.owner, goal.kind))
    assert goal.note is not None
    assert len(goal.note) > 30
    assert goal.target is not None or isinstance(goal.measure, ways.Trend), "only a direction has no number"


@EACH_GOAL
def test_what_a_goal_waits_for_is_a_word_that_can_be_published(goal: Goal) -> None:
    for facts in facts_of(goal.measure):
        for name in facts.of:
            fields = event_schema(CATALOGUE[spoken()[name].wire])["properties"]["data"]["properties"]
            for field, value in words(facts):
                shape = fields[field]
                allowed = shape.get("items", shape)
                assert re.search(allowed.get("pattern", ""), value), f"{name} never has {field} {value}"
                assert value in allowed.get("enum", [value])
                assert len(value) <= allowed.get("maxLength", len(value))


def words(facts: Facts) -> list[tuple[str, str]]:
    found = []
    for field, wanted in facts.where.items():
        for value in wanted if isinstance(wanted, list) else [wanted]:
            if isinstance(value, str):
                found.append((field, value))
            assert isinstance(value, str | bool | int | ListCondition)
    return found


def test_every_event_type_is_for_a_goal_or_a_service_or_has_a_reason() -> None:
    counted = {name for goal in goals() for facts in facts_of(goal.measure) for name in heard(facts)}

    assert spoken().keys() - counted == WITHOUT_A_GOAL.keys()
    assert [name for name, reason in WITHOUT_A_GOAL.items() if len(reason) < 20] == []


def test_an_id_is_used_once_in_its_plan() -> None:
    for plan in plans().values():
        assert [name for name, times in Counter(goal.id for goal in plan.goals).items() if times > 1] == []
