"""The yearly report: a list of figures, and where each of them comes from in a centre's year. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import Field, model_validator

from services.kpi.definition.goal import Goal
from services.kpi.definition.measures import Measure, Trend, is_level
from services.kpi.definition.part import Part, Text
from services.kpi.goals.schemas import GoalAnswer
from services.kpi.models import GoalStatus
from services.kpi.yearly import words
from shared.clock import DANISH
from shared.errors import Text as Sentence
from shared.errors import Wrong
from shared.events.words import Key

FILE = Path(__file__).resolve().parent / "figures.yaml"
State = Literal["counted", "being_read", "not_counted"]
Made = Literal["live", "observation", "survey", "milestone"]


class Figure(Part):
    """A number that a report asks for: what supplies it is a goal with this measure, or a series of observations."""

    id: Key
    section: str
    label: Text
    label_en: Text
    unit: Text
    unit_en: Text
    stated: Text
    """Where the sources name it."""
    measure: Measure | None = None
    series: Key | None = None

    @model_validator(mode="after")
    def _supplied(self) -> Self:
        if (self.measure is None) == (self.series is None):
            raise Wrong("et tal har enten measure eller series", "a figure has either a measure or a series")
        return self


class Section(Part):
    name: Text
    name_en: Text


class Figures(Part):
    sections: dict[str, Section]
    figures: Annotated[tuple[Figure, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        places = [list(self.sections).index(figure.section) for figure in self.figures]
        if places != sorted(places) or len({figure.id for figure in self.figures}) != len(self.figures):
            raise Wrong(
                "hvert tal står én gang, afsnit for afsnit", "each figure stands there once, section by section"
            )
        return self


@cache
def declared() -> Figures:
    return Figures.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Observed:
    value: Decimal
    on: date


@dataclass(frozen=True, slots=True)
class Found:
    """A figure as it stands, and what it rests on; without a number, how to get one."""

    figure: Figure
    state: State
    why: Sentence
    value: Decimal | None = None
    made: Made | None = None
    plan: str | None = None
    goal: str | None = None
    as_of: date | None = None


Supply = Sequence[tuple[Goal, GoalAnswer]]


def found(figure: Figure, year: int, goals: Supply, observed: Mapping[str, Observed]) -> Found:
    """Zero only where somebody has counted and found none."""
    if figure.series is not None:
        if (seen := observed.get(figure.series)) is None:
            return Found(figure, "not_counted", words.unobserved(figure.series, year))
        return Found(figure, "counted", words.OBSERVED, seen.value, "observation", as_of=seen.on)
    answers = [answer for goal, answer in goals if supplies(goal, figure, year)]
    for answer in answers:
        value = _value(answer)
        if answer.status is GoalStatus.LIVE and value is not None and _heard(answer, year):
            why = words.counted_by(answer.plan, answer.id)
            return Found(
                figure,
                "counted",
                why,
                value,
                answer.source,
                answer.plan,
                answer.id,
                answer.as_of and _day(answer.as_of),
            )
    for answer in answers:
        reading = answer.status is not GoalStatus.LIVE
        why = words.being_read(answer.plan, answer.id) if reading else words.nothing_told(answer.plan, answer.id)
        return Found(
            figure, "being_read" if reading else "not_counted", why, None, answer.source, answer.plan, answer.id
        )
    return Found(figure, "not_counted", words.no_goal(as_plan_language(figure), year))


def supplies(goal: Goal, figure: Figure, year: int) -> bool:
    """Whether the goal counts just this, or its change, in just this year."""
    measure = goal.measure
    level = is_level(measure)
    if goal.ends != date(year, 12, 31) or (not level and goal.starts != date(year, 1, 1)):
        return False
    return (measure.measure if isinstance(measure, Trend) else measure) == figure.measure


def _value(answer: GoalAnswer) -> Decimal | None:
    """Of a trend the number that changes, not its change."""
    return answer.counted if answer.comparison in ("increase", "decrease") else answer.value


def _heard(answer: GoalAnswer, year: int) -> bool:
    """A log that begins after the year, or never, says nothing of it; its zero is no number."""
    begins = answer.coverage_from
    return bool(answer.events) or (begins is not None and _day(begins) <= date(year, 12, 31))


def _day(moment: datetime) -> date:
    return moment.astimezone(DANISH).date()


def as_plan_language(figure: Figure) -> str:
    """The measure as it is written in a plan."""
    assert figure.measure is not None, "only asked of figures that goals supply"  # noqa: S101
    written = figure.measure.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    text = yaml.safe_dump(
        {"kind": written.pop("kind")} | _single(written),
        default_flow_style=True,
        allow_unicode=True,
        sort_keys=False,
        width=10_000,
    )
    return f"measure: {text.strip()}"


def _single(written: Mapping[str, object]) -> dict[str, object]:
    """One event in a list is written without the list, as people write it."""
    return {
        name: value[0]
        if name in ("of", "minus", "distinct_by") and isinstance(value, list) and len(value) == 1
        else value
        for name, value in written.items()
    }
