"""A plan of no centre, with one goal for each of Slagelse's ways of counting; and what they come to."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from services.kpi.counting.compile import compile_goal
from services.kpi.counting.fact import Fact
from services.kpi.counting.reading import Reading, read
from services.kpi.counting.registry import Registry
from services.kpi.definition.goal import Goal
from services.kpi.definition.parse import parse_plan
from services.kpi.definition.plan import Plan
from services.kpi.definition.vocabulary import spoken
from tests.unit.kpi.cast import Memory, fact, named

HEAD = """
plan: ways
year: 2022
tenants: [odense]
title: Alle måder at tælle på
title_en: Every way of counting
dates: {medio: "06-30", ultimo: "12-31"}
themes: {"1": "Et tema"}
goals:
"""
UNIT = "unit: møder, unit_en: meetings, unit_one: møde, unit_one_en: meeting"
WORDS = f'theme: "1", statement: s, statement_en: s, {UNIT}, source: live'
YEAR = "period: {start: 2022-01-01, end: ultimo}"
DIALOGUE = "of: gathering.held, where: {kind: dialogue_meeting}, minus: gathering.cancelled"
FOLLOWERS = "kind: latest, of: observation.recorded, minus: observation.retracted, where: {series: f}, value: value"
GOALS = {
    "quarterly": f"{YEAR}, measure: {{kind: per_window, window: quarter, count: {{kind: count, {DIALOGUE}}}}}",
    "two-a-half-year": (
        f"{YEAR}, measure: {{kind: per_window, window: half_year, at_least: 2, count: {{kind: count, {DIALOGUE}}}}}"
    ),
    "two-or-three": f"comparison: between, target_min: 2, target: 3, {YEAR}, measure: {{kind: count, {DIALOGUE}}}",
    "cap": (
        f"comparison: at_most, target: 14, {YEAR}, measure: {{kind: max_per_group, of: gathering.held, "
        "where: {kind: course}, minus: gathering.cancelled, value: participants}"
    ),
    "together": (
        f"target: 4, {YEAR}, measure: {{kind: count, of: gathering.held, minus: gathering.cancelled, "
        "where: {organisers: [{at_least: 1, with: {sector: public}}, {at_least: 2, distinct: organisation_id}, "
        "{at_least: 2, distinct: sector}]}}"
    ),
    "participants": (
        f"target: 50, {YEAR}, measure: {{kind: sum, of: gathering.held, minus: gathering.cancelled, "
        "value: participants}"
    ),
    "places": f"target: 4, {YEAR}, measure: {{kind: distinct, of: gathering.held, distinct_by: [kind, locality]}}",
    "by-place": f"target: 4, {YEAR}, measure: {{kind: count, {DIALOGUE}, by: locality}}",
    "step": "comparison: by_date, source: milestone, due: medio, measure: {kind: milestone}",
    "page-by-date": (
        "comparison: by_date, period: {start: 2022-01-01, end: medio}, "
        "measure: {kind: count, of: content.published, minus: content.withdrawn}"
    ),
    "posts": f"target: 12, source: observation, {YEAR}, measure: {{kind: manual, series: posts, aggregate: sum}}",
    "members": (
        "comparison: increase, due: ultimo, baseline: {value: 69, as_of: ultimo 2021}, measure: {kind: trend, "
        "measure: {kind: stock, of: membership.started, minus: membership.ended}}"
    ),
    "more-meetings": (
        f"comparison: increase, {YEAR}, measure: {{kind: trend, against: previous_year, "
        f"measure: {{kind: count, {DIALOGUE}}}}}"
    ),
    "fewer-meetings": (
        f"comparison: decrease, {YEAR}, measure: {{kind: trend, against: {{baseline: 10}}, "
        f"measure: {{kind: count, {DIALOGUE}}}}}"
    ),
    "covered": (
        "target: 4, due: ultimo, measure: {kind: spread, of: agreement.concluded, minus: agreement.ended, by: locality}"
    ),
    "more-covered": (
        "comparison: increase, due: ultimo, measure: {kind: trend, against: previous_year, measure: {kind: spread, "
        "of: agreement.concluded, minus: agreement.ended, by: locality}}"
    ),
    "more-followers": (
        f"comparison: increase, due: ultimo, measure: {{kind: trend, measure: {{{FOLLOWERS}, date: observed_on}}}}"
    ),
}


@cache
def plan_of_ways() -> Plan:
    lines = []
    for goal, words in GOALS.items():
        shared = WORDS.replace(", source: live", "") if "source:" in words else WORDS
        lines.append(f"  - {{id: {goal}, {shared}, {words}}}")
    return parse_plan(HEAD + "\n".join(lines) + "\n", spoken(), name="ways.yaml")


def goal_of_ways(goal_id: str) -> Goal:
    return next(goal for goal in plan_of_ways().goals if goal.id == goal_id)


@cache
def every_way(tenant: str = "odense") -> Registry:
    plan = plan_of_ways()
    return Registry(1, [found for goal in plan.goals for found in compile_goal(tenant, plan, goal, spoken())])


def reading(memory: Memory, goal_id: str) -> Reading:
    return read(goal_of_ways(goal_id), [tally for key, tally in memory.tallies.items() if key.goal == goal_id])


def told(goal_id: str, facts: Sequence[Fact]) -> Reading:
    memory = Memory(every_way())
    for each in facts:
        memory.hear([each])
    return reading(memory, goal_id)


def meeting(subject: str, on: str, what: str = "held", sequence: int = 2, **data: Any) -> Fact:
    found = {"kind": "dialogue_meeting", "organisers": []} | data
    return fact(f"gathering.{what}", subject, on, sequence=sequence, **found)


def agreed(subject: str, on: str, place: str | None, what: str = "concluded", sequence: int = 1) -> Fact:
    return fact(f"agreement.{what}", subject, on, sequence=sequence, kind="cooperation", locality=place)


def organiser(name: str | None, sector: str) -> dict[str, str | None]:
    return {"organisation_id": name and str(named(name)), "sector": sector}


def step(subject: str, on: str, goal: str = "step", plan: str = "ways-2022") -> Fact:
    return fact("milestone.reached", subject, on, plan=plan, goal=goal, reached_on=on[:10])


def step_back(subject: str, on: str, goal: str = "step", plan: str = "ways-2022") -> Fact:
    return fact("milestone.retracted", subject, on, sequence=2, plan=plan, goal=goal)


def seen(subject: str, value: float, on: str, series: str = "f", recorded: str = "") -> Fact:
    data: dict[str, Any] = {"series": series, "value": value, "observed_on": on}
    return fact("observation.recorded", f"{series} {subject}", on, recorded=recorded, **data)


def unseen(subject: str, on: str, observed_on: str, series: str = "f") -> Fact:
    return fact("observation.retracted", f"{series} {subject}", on, sequence=2, series=series, observed_on=observed_on)
