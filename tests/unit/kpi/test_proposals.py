"""What the counter proposes for each way of counting: two axes, a reason beside each, and one plain sentence."""

from datetime import date

import pytest

from services.kpi.counting.fact import Fact
from services.kpi.definition.goal import Changed
from services.kpi.definition.plan import Plan
from services.kpi.goals.judging import Proposal, propose
from services.kpi.goals.wording import Sentence
from tests.unit.kpi.test_ways_of_counting import SPREAD, SPRING, course, four_in, joined
from tests.unit.kpi.ways import goal_of_ways, meeting, plan_of_ways, seen, step, step_back, told

MAY, AUGUST, AFTER, LONG_AFTER = date(2022, 5, 15), date(2022, 8, 15), date(2023, 1, 15), date(2023, 6, 1)


def proposed(goal: str, facts: list[Fact], today: date, changed: Sentence | None = None) -> Proposal:
    return propose(plan_of_ways(), goal_of_ways(goal), told(goal, facts), today, changed)


LAST_YEAR = [meeting(f"old {n}", "2021-05-01") for n in range(8)]
CASES: list[tuple[str, str, list[Fact], date, str, str, str]] = [
    (
        "quarterly",
        "nothing yet",
        [],
        date(2022, 2, 1),
        "not_started",
        "on_time",
        "Der mangler 4 møder inden 31. december 2022.",
    ),
    (
        "quarterly",
        "four in one quarter, and two quarters to come",
        four_in(*SPRING),
        MAY,
        "mostly_reached",
        "on_time",
        "Der mangler 3 møder inden 31. december 2022.",
    ),
    (
        "quarterly",
        "a quarter went by without",
        four_in(*SPRING),
        AUGUST,
        "not_reached",
        "on_time",
        "Målet kan ikke længere nås: 2022-Q2 gik uden.",
    ),
    (
        "quarterly",
        "four in one quarter, when it was due",
        four_in(*SPRING),
        AFTER,
        "not_reached",
        "slightly_late",
        "Målet blev ikke nået: 1 af 4 møder ved fristen.",
    ),
    ("quarterly", "one in each", four_in(*SPREAD), AFTER, "reached", "on_time", "Målet er nået."),
    (
        "two-or-three",
        "none",
        [],
        AFTER,
        "not_started",
        "slightly_late",
        "Målet blev ikke nået: 0 af 2 møder ved fristen.",
    ),
    (
        "two-or-three",
        "one, when it was due",
        four_in("2022-03-01"),
        LONG_AFTER,
        "not_reached",
        "late",
        "Målet blev ikke nået: 1 af 2 møder ved fristen.",
    ),
    (
        "two-or-three",
        "one to go",
        four_in("2022-03-01"),
        AUGUST,
        "not_reached",
        "on_time",
        "Der mangler 1 møde inden 31. december 2022.",
    ),
    ("two-or-three", "two", four_in("2022-03-01", "2022-04-01"), MAY, "reached", "on_time", "Målet er nået."),
    ("two-or-three", "three", four_in(*SPRING[:3]), MAY, "reached", "on_time", "Målet er nået."),
    (
        "two-or-three",
        "four are over",
        four_in(*SPRING),
        MAY,
        "not_reached",
        "on_time",
        "Det blev til 4 møder; højst 3 var planlagt.",
    ),
    ("cap", "no course", [], AFTER, "not_started", "on_time", "Loftet er 14 møder."),
    ("cap", "just full", [course("a", 14)], MAY, "reached", "on_time", "Loftet på 14 møder er holdt indtil nu."),
    ("cap", "kept", [course("a", 14)], AFTER, "reached", "on_time", "Loftet på 14 møder blev holdt."),
    (
        "cap",
        "broken",
        [course("a", 15)],
        LONG_AFTER,
        "not_reached",
        "on_time",
        "Loftet på 14 møder er overskredet: 15.",
    ),
    ("step", "to be taken", [], MAY, "not_started", "on_time", "Skal være nået senest 30. juni 2022."),
    ("step", "overdue", [], AUGUST, "not_started", "slightly_late", "Fristen 30. juni 2022 er overskredet."),
    ("step", "long overdue", [], AFTER, "not_started", "late", "Fristen 30. juni 2022 er overskredet."),
    ("step", "taken", [step("a", "2022-06-30")], LONG_AFTER, "reached", "on_time", "Målet er nået."),
    (
        "step",
        "late",
        [step("a", "2022-09-29")],
        LONG_AFTER,
        "reached",
        "slightly_late",
        "Målet blev nået efter fristen.",
    ),
    ("step", "too late", [step("a", "2022-09-30")], LONG_AFTER, "reached", "late", "Målet blev nået efter fristen."),
    (
        "step",
        "taken back",
        [step("a", "2022-05-01"), step_back("a", "2022-05-02")],
        MAY,
        "not_reached",
        "on_time",
        "Skal være nået senest 30. juni 2022.",
    ),
    ("members", "one more than 69", [joined(n) for n in range(70)], MAY, "reached", "on_time", "Målet er nået."),
    (
        "members",
        "as many",
        [joined(n) for n in range(69)],
        MAY,
        "not_reached",
        "on_time",
        "Der mangler 1 møde inden 31. december 2022; før var der 69.",
    ),
    (
        "more-meetings",
        "nothing to compare with",
        four_in(*SPREAD),
        AFTER,
        "too_few",
        "on_time",
        "Der er for få tal til at vurdere udviklingen.",
    ),
    (
        "more-meetings",
        "four after three",
        [*four_in(*SPREAD), *LAST_YEAR[:3]],
        AFTER,
        "too_few",
        "on_time",
        "Der er for få tal til at vurdere udviklingen.",
    ),
    (
        "more-meetings",
        "half of last year's when half the year is over",
        [*four_in(*SPRING), *LAST_YEAR],
        date(2022, 6, 30),
        "mostly_reached",
        "on_time",
        "Der mangler 5 møder inden 31. december 2022; før var der 8.",
    ),
    (
        "more-meetings",
        "fewer, when it was due",
        [*four_in(*SPREAD), *LAST_YEAR],
        AFTER,
        "not_reached",
        "slightly_late",
        "Målet blev ikke nået: 4 mod 8 før.",
    ),
    (
        "fewer-meetings",
        "a fall is certain when the year is over",
        four_in(*SPRING),
        date(2022, 6, 30),
        "mostly_reached",
        "on_time",
        "Der må højst komme 5 møder til inden 31. december 2022.",
    ),
    ("fewer-meetings", "and then it is", four_in(*SPREAD), AFTER, "reached", "on_time", "Målet er nået."),
    (
        "more-meetings",
        "nothing at all",
        [],
        MAY,
        "not_started",
        "on_time",
        "Der er intet at sammenligne endnu.",
    ),
    (
        "more-followers",
        "one look",
        [seen("a", 40, "2022-03-01")],
        MAY,
        "too_few",
        "on_time",
        "Der er for få tal til at vurdere udviklingen.",
    ),
]


@pytest.mark.parametrize(
    ("goal", "facts", "today", "result", "time", "forecast"),
    [(goal, *rest) for goal, _, *rest in CASES],
    ids=[f"{goal}: {name}" for goal, name, *_ in CASES],
)
def test_the_counter_proposes(goal: str, facts: list[Fact], today: date, result: str, time: str, forecast: str) -> None:
    found = proposed(goal, facts, today)

    assert (found.result, found.time, found.forecast.da) == (result, time, forecast)


@pytest.mark.parametrize(
    ("goal", "facts", "today"),
    [(goal, facts, today) for goal, _, facts, today, *_ in CASES],
    ids=[f"{goal}: {name}" for goal, name, *_ in CASES],
)
def test_every_sentence_is_one_in_both_languages(goal: str, facts: list[Fact], today: date) -> None:
    found = proposed(goal, facts, today)

    for sentence in (found.result_reason, found.time_reason, found.forecast):
        for words in (sentence.da, sentence.en):
            assert words[0] == words[0].upper()
            assert words.endswith(".")
            assert "None" not in words
        assert sentence.da != sentence.en


def test_each_axis_has_its_reason() -> None:
    found = proposed("quarterly", four_in(*SPRING), AUGUST)

    assert found.result_reason == Sentence(
        "1 af 4 møder; 2 var ventet i dag.", "1 of 4 meetings; 2 had been expected today."
    )
    assert found.time_reason == Sentence("Fristen er 31. december 2022.", "It is due on 31 December 2022.")


def test_one_is_singular_in_both_languages() -> None:
    found = proposed("two-or-three", four_in("2022-03-01"), AUGUST)

    assert found.forecast.da == "Der mangler 1 møde inden 31. december 2022."
    assert found.forecast.en == "1 meeting is missing before 31 December 2022."


def test_a_changed_goal_is_followed_up_no_longer() -> None:
    why = Sentence("Kommunen overtog opgaven.", "The municipality took the task over.")

    found = proposed("quarterly", four_in(*SPREAD), LONG_AFTER, why)

    assert (found.result, found.time, found.result_reason) == ("changed", "on_time", why)
    assert "ændret" in found.forecast.da


def test_the_thresholds_are_the_plans() -> None:
    mild = plan_of_ways().model_dump(mode="json", by_alias=True)
    mild["thresholds"] = {"mostly_reached": 0.5, "too_few": 0, "slightly_late_months": 6}
    plan = Plan.model_validate(mild)
    few = told("more-meetings", [*four_in(*SPREAD), *LAST_YEAR[:3]])
    one = told("two-or-three", four_in("2022-03-01"))

    assert propose(plan, goal_of_ways("more-meetings"), few, AFTER).result == "reached"
    assert propose(plan, goal_of_ways("two-or-three"), one, AFTER).result == "mostly_reached"
    assert propose(plan, goal_of_ways("two-or-three"), one, LONG_AFTER).time == "slightly_late"


def test_a_plan_can_say_itself_why_a_goal_was_changed() -> None:
    stored = plan_of_ways().model_dump(mode="json", by_alias=True)
    stored["goals"][0]["changed"] = {"reason": "Aftalt med kommunen", "reason_en": "Agreed with the municipality"}

    assert Plan.model_validate(stored).goals[0].changed == Changed(
        reason="Aftalt med kommunen", reason_en="Agreed with the municipality"
    )
