"""The follow-up table's own decisions: how a target, a time, a code and a number are written."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from services.kpi.decisions.schemas import DecisionAnswer
from services.kpi.definition.goal import Codes
from services.kpi.followup import pdf
from services.kpi.followup.rules import Followup, Row, followup, written
from services.kpi.goals.schemas import GoalAnswer, ProposalAnswer
from services.kpi.models import GoalStatus
from shared.errors import Language

MAY = datetime(2023, 5, 31, 22, 30, tzinfo=UTC)
"""In Denmark it is 1 June already."""


def goal(**more: Any) -> GoalAnswer:
    """Only what the table reads."""
    judged = {"result": "not_reached", "result_reason": "r", "result_reason_en": "r", "time": "on_time"}
    judged |= {"time_reason": "t", "time_reason_en": "t"}
    about = {"id": "1.1", "theme": "1", "statement": "s", "statement_en": "s", "unit": "u", "unit_en": "u"}
    number: dict[str, Any] = {"target": Decimal(14), "target_min": None, "value": Decimal(3), "comparison": "at_least"}
    number |= {"shown": None, "suppressed": False, "turns": []}
    state = {
        "due": date(2023, 12, 31),
        "status": GoalStatus.LIVE,
        "codes": Codes(),
        "forecast": "f",
        "forecast_en": "f",
        "decision": None,
        "changed": None,
        "definition_version": 1,
    }
    found: dict[str, Any] = about | number | judged | state | more
    proposed = {name: found[name] for name in judged} | more.get("proposed", {})
    return GoalAnswer.model_construct(**found | {"proposed": ProposalAnswer.model_construct(**proposed)})


def table(*goals: GoalAnswer, language: Language = "da") -> Followup:
    return followup("town-2023", "Byen", {"1": "Tema", "2": "Tomt"}, goals, language, MAY)


def row(language: Language = "da", **more: Any) -> Row:
    return table(goal(**more), language=language).sections[0].rows[0]


@pytest.mark.parametrize(
    ("value", "da", "en"),
    [
        (Decimal(11000), "11.000", "11,000"),
        (Decimal("1650.5"), "1.650,5", "1,650.5"),
        (Decimal("66.6667"), "66,67", "66.67"),
        (Decimal(-3), "-3", "-3"),
        (Decimal(0), "0", "0"),
        (None, "–", "–"),
    ],
)
def test_numbers_are_written_as_the_reader_writes_them(value: Decimal | None, da: str, en: str) -> None:
    assert (written(value, "da"), written(value, "en")) == (da, en)


@pytest.mark.parametrize(
    ("more", "da", "en"),
    [
        ({}, "14", "14"),
        ({"comparison": "at_most"}, "højst 14", "at most 14"),
        ({"comparison": "between", "target_min": Decimal(12)}, "12–14", "12–14"),
        ({"comparison": "increase"}, "14 flere", "14 more"),
        ({"comparison": "decrease", "target": None}, "færre", "fewer"),
        ({"comparison": "increase", "target": Decimal(0)}, "flere", "more"),
        ({"target": None}, "uden tal", "no number"),
    ],
)
def test_a_target_says_which_way_it_is_one(more: dict[str, Any], da: str, en: str) -> None:
    assert (row(**more).target, row("en", **more).target) == (da, en)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"due": date(2023, 6, 1)}, "Tidsplanen holder"),
        ({"due": date(2023, 5, 31)}, "Tidsplanen er holdt"),
        ({"result": "reached"}, "Tidsplanen er holdt"),
        ({"time": "late"}, "Tidsplanen er ikke holdt"),
    ],
)
def test_a_schedule_that_still_runs_is_not_said_to_have_been_kept(more: dict[str, Any], said: str) -> None:
    assert row(**more).time == said


def test_the_counters_own_judgement_stays_beside_what_a_person_decided() -> None:
    decision = DecisionAnswer(result="reached", time="late", reason="B", decided_role="staff", decided_at=MAY)
    decided = {"result": "reached", "result_reason": "B", "time": "late", "time_reason": "B"}
    proposed = {"result": "not_reached", "result_reason": "3 af 14.", "time": "on_time"}

    assert row("da", **decided, decision=decision, proposed=proposed).comment == (
        "B",
        "Besluttet af centret 1. juni 2023.",
        "Tælleren foreslog: Resultatet er ikke nået. 3 af 14.",
        "Tælleren foreslog: Tidsplanen er holdt.",
    )
    assert row().comment == ("r", "t", "f")


def test_a_number_whose_history_is_still_being_read_says_so() -> None:
    assert row(status=GoalStatus.BACKFILLING).comment[-1] == "Målets historie læses endnu; tallet er ikke helt."


def test_every_goal_is_in_the_totals_of_each_axis_coded_or_not() -> None:
    coded = goal(codes=Codes(R=("G", "V"), V=(3, 10)))
    found = table(coded, goal(id="1.2"), goal(id="1.3", result="reached", codes=Codes(V=(10,))))

    totals = {axis: {total.code: total.goals for total in each} for axis, each in found.axes.items()}
    assert totals == {
        "R": {"G": ("1.1",), "V": ("1.1",), "–": ("1.2", "1.3")},
        "K": {"–": ("1.1", "1.2", "1.3")},
        "V": {"3": ("1.1",), "10": ("1.1", "1.3"), "–": ("1.2",)},
    }
    assert found.axes["V"][1].results["reached"] == 1
    assert (found.summary["reached"], found.summary["not_reached"]) == (1, 2)


def test_a_plan_without_codes_has_no_totals_of_them_and_an_empty_theme_no_section() -> None:
    found = table(goal())

    assert found.axes == {}
    assert [section.theme for section in found.sections] == ["Tema"]


@pytest.mark.parametrize(("reason", "aloud"), [("Sået i æbleår", True), ("Vi nåede det 👩‍🦰 日本 \x0b", False)])
def test_whatever_somebody_wrote_can_be_printed(reason: str, aloud: bool) -> None:
    printed = pdf.write(table(goal(result_reason=reason)))

    assert printed.startswith(b"%PDF-")
    assert (b"pdfuaid" in printed) is aloud
    assert b"/StructTreeRoot" in printed, "it is still told what is a heading and what a cell"
