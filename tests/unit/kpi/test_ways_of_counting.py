"""Slagelse's ways of counting against a table of cases each: windows, ranges, caps, organisers, steps and trends."""

from decimal import Decimal

import pytest

from services.kpi.counting.fact import Fact
from tests.unit.kpi.cast import Memory, fact
from tests.unit.kpi.ways import (
    agreed,
    every_way,
    meeting,
    organiser,
    reading,
    seen,
    step,
    step_back,
    told,
    unseen,
)


def four_in(*days: str) -> list[Fact]:
    return [meeting(f"m{n}", day) for n, day in enumerate(days)]


SPRING = ("2022-01-10", "2022-02-10", "2022-03-10", "2022-03-31")
SPREAD = ("2022-01-10", "2022-04-01", "2022-09-30", "2022-12-31")
PUBLIC, OURS, THEIRS = organiser("kommune", "public"), organiser("a", "voluntary"), organiser("b", "voluntary")


def course(subject: str, participants: int, on: str = "2022-05-01", sequence: int = 2, what: str = "held") -> Fact:
    return meeting(subject, on, what, sequence, kind="course", participants=participants)


def published(subject: str, on: str, what: str = "published", sequence: int = 1) -> Fact:
    return fact(f"content.{what}", subject, on, sequence=sequence, kind="theme_page", slug=subject)


def joined(number: int, on: str = "2021-05-01", what: str = "started", sequence: int = 1) -> Fact:
    return fact(f"membership.{what}", f"member {number}", on, sequence=sequence, kind="member")


CASES: list[tuple[str, str, list[Fact], float | None]] = [
    ("quarterly", "four in one quarter are one quarter", four_in(*SPRING), 1),
    ("quarterly", "one in each quarter", four_in(*SPREAD), 4),
    ("quarterly", "a new year's eve in UTC is a new year in Denmark", [meeting("a", "2021-12-31T23:30:00")], 1),
    ("quarterly", "the year before", [meeting("a", "2021-12-31")], 0),
    ("quarterly", "called off", [meeting("a", "2022-02-01"), meeting("a", "2022-02-02", "cancelled", 3)], 0),
    (
        "quarterly",
        "called off in the next quarter",
        [meeting("a", "2022-02-01"), meeting("a", "2022-05-02", "cancelled", 3)],
        0,
    ),
    (
        "quarterly",
        "corrected to another quarter",
        [meeting("a", "2022-02-01"), meeting("b", "2022-05-01"), meeting("a", "2022-05-02", sequence=3)],
        1,
    ),
    ("quarterly", "corrected out of the year", [meeting("a", "2022-02-01"), meeting("a", "2023-02-02", sequence=3)], 0),
    ("quarterly", "told late", [meeting("a", "2022-02-01", recorded="2023-05-01")], 1),
    ("quarterly", "another kind of meeting", [meeting("a", "2022-02-01", kind="course")], 0),
    ("two-a-half-year", "three and one", four_in("2022-01-10", "2022-02-10", "2022-06-30", "2022-07-01"), 1),
    ("two-a-half-year", "two and two", four_in("2022-01-10", "2022-06-30", "2022-07-01", "2022-12-31"), 2),
    ("cap", "no course", [], None),
    ("cap", "the fullest", [course("a", 9), course("b", 14), course("c", 3)], 14),
    ("cap", "corrected down", [course("a", 15), course("b", 9), course("a", 13, sequence=3)], 13),
    ("cap", "corrected up", [course("a", 9), course("a", 16, sequence=3)], 16),
    (
        "cap",
        "the fullest called off",
        [course("a", 15), course("b", 9), course("a", 0, "2022-06-01", 3, "cancelled")],
        9,
    ),
    ("cap", "the only one called off", [course("a", 15), course("a", 0, "2022-06-01", 3, "cancelled")], None),
    ("cap", "another year", [course("a", 15, "2023-01-01")], None),
    ("together", "public and two others", [meeting("a", "2022-02-01", organisers=[PUBLIC, OURS])], 1),
    ("together", "nobody public", [meeting("a", "2022-02-01", organisers=[OURS, THEIRS])], 0),
    ("together", "only one", [meeting("a", "2022-02-01", organisers=[PUBLIC])], 0),
    ("together", "twice the same", [meeting("a", "2022-02-01", organisers=[PUBLIC, PUBLIC])], 0),
    (
        "together",
        "one sector",
        [meeting("a", "2022-02-01", organisers=[PUBLIC, organiser("region", "public")])],
        0,
    ),
    (
        "together",
        "one that stands in no directory is not known to be another",
        [meeting("a", "2022-02-01", organisers=[PUBLIC, organiser(None, "voluntary")])],
        0,
    ),
    ("participants", "of all that were held", [course("a", 9), course("b", 20)], 29),
    ("participants", "as last told", [course("a", 9), course("a", 12, sequence=3)], 12),
    ("participants", "told in the wrong order", [course("a", 12, sequence=3), course("a", 9)], 12),
    ("participants", "less the one called off", [course("a", 9), course("a", 0, "2022-06-01", 3, "cancelled")], 0),
    (
        "places",
        "the same kind at two places and two kinds at one",
        [
            meeting("a", "2022-02-01", locality="Korsør"),
            meeting("b", "2022-02-01", locality="Skælskør"),
            meeting("c", "2022-02-01", kind="course", locality="Korsør"),
            meeting("d", "2022-03-01", locality="Korsør"),
            meeting("e", "2022-03-01"),
        ],
        3,
    ),
    ("step", "taken", [step("a", "2022-05-01")], 1),
    ("step", "taken back", [step("a", "2022-05-01"), step_back("a", "2022-05-03")], 0),
    (
        "step",
        "taken back and taken",
        [step("a", "2022-05-01"), step_back("a", "2022-05-03"), step("b", "2022-06-01")],
        1,
    ),
    ("step", "late", [step("a", "2023-05-01")], 1),
    ("step", "another goal's", [step("a", "2022-05-01", goal="other")], 0),
    ("step", "another plan's", [step("a", "2022-05-01", plan="ways-2023")], 0),
    ("posts", "three days", [seen(day, 4, day, "posts") for day in ("2022-01-01", "2022-02-01", "2022-12-31")], 12),
    ("posts", "none", [], None),
    ("posts", "another year's", [seen("a", 4, "2023-01-01", "posts")], None),
    (
        "posts",
        "a day corrected",
        [seen("a", 4, "2022-03-01", "posts"), seen("b", 6, "2022-03-01", "posts", "2022-04-01")],
        6,
    ),
    (
        "posts",
        "the correction taken back",
        [
            seen("a", 4, "2022-03-01", "posts"),
            seen("b", 6, "2022-03-01", "posts", "2022-04-01"),
            unseen("b", "2022-05-01", "2022-03-01", "posts"),
        ],
        4,
    ),
    ("members", "two more than 69", [joined(n) for n in range(71)], 2),
    ("members", "one left", [*(joined(n) for n in range(70)), joined(3, "2022-05-01", "ended", 2)], 0),
    ("more-meetings", "one more than the year before", [*four_in(*SPREAD), meeting("x", "2021-05-01")], 3),
    ("more-meetings", "nobody counted the year before", four_in(*SPREAD), None),
    ("fewer-meetings", "four where there were ten", four_in(*SPREAD), -6),
    ("more-followers", "one look is no trend", [seen("a", 40, "2022-03-01")], None),
    ("more-followers", "against the first look", [seen("a", 40, "2022-03-01"), seen("b", 52, "2022-06-01")], 12),
    (
        "more-followers",
        "an earlier first look comes late",
        [seen("a", 40, "2022-03-01"), seen("b", 52, "2022-06-01"), seen("c", 30, "2021-12-01")],
        22,
    ),
    ("covered", "two in one place are one place", [agreed(n, "2022-03-01", "Korsør") for n in "ab"], 1),
    ("covered", "what holds from before", [agreed("a", "2019-03-01", "Korsør"), agreed("b", "2022-03-01", "Rude")], 2),
    ("covered", "nowhere is no place", [agreed("a", "2022-03-01", None)], 0),
    (
        "covered",
        "one of two ends, and then the other",
        [
            agreed("a", "2022-03-01", "Korsør"),
            agreed("b", "2022-03-01", "Korsør"),
            agreed("c", "2022-03-01", "Rude"),
            agreed("a", "2022-05-01", "Korsør", "ended", 2),
            agreed("c", "2022-05-01", "Rude", "ended", 2),
            agreed("b", "2023-01-01", "Korsør", "ended", 2),
        ],
        1,
    ),
    (
        "covered",
        "ended before it was told",
        [agreed("a", "2022-05-01", "Korsør", "ended", 2), agreed("a", "2022-03-01", "Korsør")],
        0,
    ),
    (
        "more-covered",
        "more places than the year before",
        [
            agreed("a", "2021-05-01", "Korsør"),
            agreed("b", "2021-05-01", "Korsør"),
            agreed("c", "2022-03-01", "Rude"),
            agreed("d", "2022-03-01", "Skælskør"),
        ],
        2,
    ),
    (
        "more-followers",
        "the first look taken back",
        [
            seen("a", 40, "2022-03-01"),
            seen("b", 52, "2022-06-01"),
            seen("c", 60, "2022-08-01"),
            unseen("a", "2022-09-01", "2022-03-01"),
        ],
        8,
    ),
]


@pytest.mark.parametrize(
    ("goal", "facts", "value"),
    [(goal, facts, value) for goal, _, facts, value in CASES],
    ids=[f"{goal}: {name}" for goal, name, _, _ in CASES],
)
def test_a_goal_counts_what_its_measure_says(goal: str, facts: list[Fact], value: float | None) -> None:
    found = told(goal, facts)

    assert found.value == (None if value is None else Decimal(str(value)))


@pytest.mark.parametrize(
    ("goal", "facts"),
    [(goal, facts) for goal, _, facts, _ in CASES],
    ids=[f"{goal}: {name}" for goal, name, _, _ in CASES],
)
def test_the_receipts_of_each_number_add_up_to_it(goal: str, facts: list[Fact]) -> None:
    memory = Memory(every_way())
    memory.hear(facts)

    for tally, number in memory.tallies.items():
        receipts = [receipt.amount for key, receipt in memory.receipts.items() if key.tally == tally]
        assert sum(receipts, Decimal(0)) == number.value, tally


def test_each_window_can_be_seen_and_those_without_enough_are_named() -> None:
    found = told("quarterly", four_in(*SPRING))

    assert found.per_dimension is not None
    assert {name: int(parts["value"]) for name, parts in found.per_dimension.items()} == {
        "2022-Q1": 4,
        "2022-Q2": 0,
        "2022-Q3": 0,
        "2022-Q4": 0,
    }
    assert found.missed == frozenset({"2022-Q2", "2022-Q3", "2022-Q4"})


def test_a_count_by_place_is_the_sum_of_its_places_and_of_what_is_nowhere() -> None:
    found = told(
        "by-place",
        [
            meeting("a", "2022-02-01", locality="Korsør"),
            meeting("b", "2022-02-01", locality="Korsør"),
            meeting("c", "2022-02-01"),
        ],
    )

    assert found.value == 3
    assert found.per_dimension == {"unspecified": {"value": Decimal(1)}, "Korsør": {"value": Decimal(2)}}


@pytest.mark.parametrize(
    ("on", "wanted"),
    [
        ("2022-06-30", "on_time"),
        ("2022-07-01", "slightly_late"),
        ("2022-09-29", "slightly_late"),
        ("2022-09-30", "late"),
        ("2024-01-01", "late"),
    ],
    ids=["the last day", "the day after", "under three months", "exactly three months", "years"],
)
def test_a_step_counts_whenever_it_is_taken_and_its_day_says_how_late(on: str, wanted: str) -> None:
    assert told("step", [step("a", on)]).lateness == wanted
    assert told("page-by-date", [published("a", on)]).lateness == wanted


def test_what_was_published_in_time_stays_in_time_when_more_is_published_late() -> None:
    found = told("page-by-date", [published("b", "2023-01-01"), published("a", "2022-03-01")])

    assert (found.value, found.lateness) == (Decimal(2), "on_time")


def test_what_was_in_time_and_is_withdrawn_is_no_longer_in_time() -> None:
    facts = [published("a", "2022-03-01"), published("a", "2022-08-01", "withdrawn", 2), published("b", "2022-08-01")]

    assert told("page-by-date", facts).lateness == "slightly_late"


def test_a_trend_shows_both_its_numbers() -> None:
    found = told("more-meetings", [*four_in(*SPREAD), meeting("x", "2021-05-01"), meeting("y", "2021-12-31")])

    assert (found.counted, found.compared_with, found.value, found.events) == (Decimal(4), Decimal(2), Decimal(2), 4)


def test_a_corrected_fact_leaves_one_receipt_that_adds_and_one_that_takes_away() -> None:
    memory = Memory(every_way())
    memory.hear([course("a", 9), course("a", 12, sequence=3)])

    amounts = sorted(receipt.amount for key, receipt in memory.receipts.items() if key.tally.goal == "participants")

    assert (reading(memory, "participants").value, amounts) == (Decimal(12), [Decimal(3), Decimal(9)])
