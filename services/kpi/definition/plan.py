"""What an action plan may say: the shape of `plans/*.yaml`, and the same plan moved to another year."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from services.kpi.definition.days import day_of, move
from services.kpi.definition.goal import Comparison, Goal, GoalId, Period, Source
from services.kpi.definition.part import Part, Text
from shared.errors import Wrong
from shared.tenancy import Tenant

__all__ = ["Comparison", "Goal", "GoalId", "Period", "Plan", "Source", "move", "split_plan_id"]

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
Day = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", strict=True)]

Year = Annotated[int, Field(ge=2000, le=2200)]


class Thresholds(Part):
    """Where one status becomes another. The sources name none but the three months, so they are the plan's."""

    mostly_reached: Annotated[float, Field(gt=0, le=1)] = 0.9
    """The share of a target, or of today's pace, that "reached for the most part" asks for."""
    too_few: Annotated[int, Field(ge=0)] = 5
    """A trend between numbers smaller than this says nothing."""
    slightly_late_months: Annotated[int, Field(ge=0, le=24)] = 3
    """Less than so many months late is slightly late; exactly so many is late."""


class Note(Part):
    """What the source tells that is no goal: a fact, or a proposal nobody adopted."""

    id: GoalId
    kind: Literal["fact", "proposal"]
    statement: Text
    statement_en: Text
    reason: Text


class Recommendation(Part):
    """What somebody recommended; what became of it is recorded beside the plan."""

    id: GoalId
    statement: Text
    statement_en: Text
    source_lines: Text | None = None
    status: Literal["not_started", "under_way", "done", "declined"] | None = None
    """What had become of it by the source."""
    note: Text | None = None


class Plan(Part):
    """An action plan: what is the same every year, and the year its dates are written for."""

    plan: Name
    """The plan without its year; adopted for 2023 it is called `<plan>-2023`."""
    year: Year
    tenants: Annotated[list[Tenant], Field(min_length=1)]
    title: Text
    title_en: Text
    reason: Text | None = None
    """Why this text differs from the one before it; kept with the version, not with the plan."""
    dates: dict[str, Day] = Field(default_factory=dict)
    """What the source's words for days mean: `medio: "06-30"`. Ours, because no source says."""
    thresholds: Thresholds = Thresholds()
    themes: dict[str, Text]
    goals: Annotated[list[Goal], Field(min_length=1)]
    notes: list[Note] = Field(default_factory=list)
    recommendations: list[Recommendation] = Field(default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def _words_into_days(cls, written: object) -> object:
        """A `due: medio` becomes the day that the plan's `dates` say; what they do not say is left to be refused."""
        if not isinstance(written, dict):
            return written
        found = dict(written)
        if isinstance(found.get("thresholds", {}), dict) and "mostly_reached" in found:
            # As plans said it before there were other thresholds.
            found["thresholds"] = {"mostly_reached": found.pop("mostly_reached")} | found.get("thresholds", {})
        dates, year, goals = found.get("dates"), found.get("year"), found.get("goals")
        if isinstance(dates, dict) and isinstance(year, int) and isinstance(goals, list):
            found["goals"] = [_dated(goal, dates, year) if isinstance(goal, dict) else goal for goal in goals]
        return found

    @field_validator("themes", mode="before")
    @classmethod
    def _named_by_text(cls, themes: object) -> object:
        """`1:` is a number to YAML and a name to everybody else."""
        return {str(key): value for key, value in themes.items()} if isinstance(themes, dict) else themes

    @model_validator(mode="after")
    def _whole(self) -> Self:
        named = [*(goal.id for goal in self.goals), *(note.id for note in self.notes)]
        twice = [goal for goal, times in Counter(named).items() if times > 1]
        if twice:
            ids = ", ".join(twice)
            raise Wrong(f"id brugt til to mål: {ids}", f"goal id used twice: {ids}")
        unknown = [f"{goal.id} → {goal.theme}" for goal in self.goals if goal.theme not in self.themes]
        if unknown:
            goals = ", ".join(unknown)
            raise Wrong(
                f"mål i et tema, som `themes` ikke nævner: {goals}",
                f"goals of a theme that `themes` does not name: {goals}",
            )
        return self

    @property
    def id(self) -> str:
        return f"{self.plan}-{self.year}"

    def for_year(self, year: int) -> Self:
        """The same plan for another year. The goals' wording stays the source's own, years and all."""
        years = year - self.year
        return self.model_copy(update={"year": year, "goals": [goal.moved(years) for goal in self.goals]})


def _dated(goal: dict[str, Any], dates: Mapping[str, str], year: int) -> dict[str, Any]:
    period = goal.get("period")
    found = dict(goal)
    if (day := day_of(goal.get("due"), dates, year)) is not None:
        found["due"] = day
    if isinstance(period, dict):
        found["period"] = {name: day_of(word, dates, year) or word for name, word in period.items()}
    return found


def split_plan_id(plan_id: str) -> tuple[str, int] | None:
    """`odense-2026` → (`odense`, 2026); None when it does not end in a year."""
    found = re.fullmatch(r"([a-z][a-z0-9-]*)-(\d{4})", plan_id)
    return (found[1], int(found[2])) if found else None
