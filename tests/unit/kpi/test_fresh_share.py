"""A plan may ask how much of the register somebody has assured in the year: the directory's facts are enough for it."""

import pytest

from services.kpi.counting.compile import compile_goal
from services.kpi.counting.fact import Fact
from services.kpi.counting.reading import read
from services.kpi.counting.registry import Registry
from services.kpi.definition.parse import parse_plan
from services.kpi.definition.vocabulary import spoken
from tests.unit.kpi.cast import Memory, fact, named

PLAN = """
plan: fresh
year: 2022
tenants: [odense]
title: En frisk vejviser
title_en: A fresh directory
themes: {"1": "Vejviseren"}
goals:
  - id: "1"
    theme: "1"
    statement: s
    statement_en: s
    unit: opslag
    unit_en: entries
    source: live
    comparison: all_of
    target: 100
    period: {start: 2022-01-01, end: 2022-12-31}
    measure:
      kind: ratio
      register: {of: organisation.registered, minus: organisation.closed}
      having: {of: organisation.confirmed, key: organisation_id}
"""


def entered(who: str, what: str = "registered", on: str = "2020-02-01", sequence: int = 1) -> Fact:
    more = {"organisation_id": str(named(who))} if what == "confirmed" else {}
    return fact(f"organisation.{what}", who, on, sequence=sequence, kind="association", sector="voluntary", **more)


def assured(who: str, on: str = "2022-05-01", sequence: int = 2) -> Fact:
    return entered(who, "confirmed", on, sequence)


BOTH = [entered("a"), entered("b")]


@pytest.mark.parametrize(
    ("facts", "share"),
    [
        ([*BOTH, assured("a")], 50),
        ([*BOTH, assured("a"), assured("a", "2022-06-01", 3)], 50),
        ([entered("a"), assured("a", "2021-05-01")], 0),
        ([*BOTH, assured("a"), entered("b", "closed", "2022-07-01", 2)], 100),
    ],
    ids=["one of two", "twice is once", "last year is not this year", "whoever has closed is asked no more"],
)
def test_the_share_of_entries_that_were_assured_in_the_year(facts: list[Fact], share: int) -> None:
    plan = parse_plan(PLAN, spoken(), name="fresh.yaml")
    (goal,) = plan.goals
    memory = Memory(Registry(1, list(compile_goal("odense", plan, goal, spoken()))))
    for each in facts:
        memory.hear([each])

    assert read(goal, list(memory.tallies.values())).value == share
