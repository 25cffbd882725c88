"""One goal of an action plan: the source's words, what is aimed at, and how it is counted."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, Strict, StringConstraints, ValidationInfo, field_validator, model_validator

from services.kpi.definition.days import move, stretches
from services.kpi.definition.measures import Count, EachOf, Measure, Milestone, PerWindow, Ratio, Trend, is_level
from services.kpi.definition.part import Part, Text
from shared.errors import Wrong
from shared.events import words

# Strict, because YAML takes an id without quotes for a number: 1.10 would be goal 1.1.
GoalId = Annotated[words.GoalId, Strict()]
Comparison = Literal["at_least", "at_most", "between", "each_of", "all_of", "by_date", "increase", "decrease"]
Kind = Literal["counter", "stock", "ratio", "survey", "cap", "milestone", "trend", "calendar"]
Source = Literal["live", "observation", "survey", "milestone"]
ROLES = Literal["G", "V", "F"]
Criterion = Annotated[str, StringConstraints(pattern=r"^[1-9],[1-9]$", strict=True)]
"""A quality criterion as it is printed: "1,1" is one code, neither a list nor a number."""


class Codes(Part):
    """The centre's role, the quality criterion and the UN's goals that the source files the goal under."""

    R: tuple[ROLES, ...] = ()
    K: tuple[Criterion, ...] = ()
    V: tuple[Annotated[int, Field(ge=1, le=17)], ...] = ()


class Baseline(Part):
    """Where it stood before, as the source tells it."""

    value: float
    as_of: Text | None = None
    note: Text | None = None


class Changed(Part):
    """Why the goal is no longer followed up as it was adopted (≠)."""

    reason: Text
    reason_en: Text


class Period(Part):
    """The days whose facts count, both included; a stock has only its last one."""

    start: date | None = None
    end: date

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.start is not None and self.start > self.end:
            raise Wrong("perioden slutter, før den begynder", "the period ends before it begins")
        return self

    def moved(self, years: int) -> Self:
        return self.model_copy(update={"start": self.start and move(self.start, years), "end": move(self.end, years)})


class Goal(Part):
    id: GoalId
    kind: Kind | None = None
    """What the source makes of it."""
    theme: str
    row: Text | None = None
    """The row of the source's table, where several goals stand in one."""
    objective: Text | None = None
    activity: Text | None = None
    statement: Text
    statement_en: Text
    target: Annotated[float, Field(gt=0)] | None = None
    """None where the source has no number."""
    target_min: Annotated[float, Field(gt=0)] | None = None
    comparison: Comparison = "at_least"
    unit: Text
    unit_en: Text
    unit_one: Text | None = None
    """The unit's word for one: "samtale"."""
    unit_one_en: Text | None = None
    measured_by: Text | None = None
    """The source's own words for where the number comes from."""
    source: Source
    """Ours: counted live from events, an observation or milestone somebody records, or a survey's answers."""
    source_lines: Text | None = None
    owner: Text | None = None
    stated: Text | None = None
    """The source's own words for when."""
    codes: Codes = Codes()
    baseline: Baseline | None = None
    period: Period | None = None
    due: date | None = None
    measure: Measure
    people: bool | None = None
    """Whether what it counts is people; where the plan does not say, the measure does (`people.py`)."""
    changed: Changed | None = None
    note: str | None = None
    """What the source leaves open, and what was decided."""

    @field_validator("due", mode="before")
    @classmethod
    def _a_day_or_a_known_word(cls, due: object, info: ValidationInfo) -> object:
        """Words are looked up by the plan, which has the table; one that is left is not in it."""
        if isinstance(due, dict) or (isinstance(due, str) and not due[:1].isdigit()):
            word = due.get("word") if isinstance(due, dict) else due
            raise Wrong(f"planens `dates` giver ingen dag for {word}", f"the plan's `dates` give no day for {word}")
        return due

    @model_validator(mode="after")
    def _dated(self) -> Self:
        measure = self.measure
        counted = measure.measure if isinstance(measure, Trend) else measure
        if (self.period is None) == (self.due is None):
            raise Wrong(
                "et mål har enten en periode (start, end) eller en frist (due)",
                "a goal has either a period (start, end) or a due date",
            )
        if is_level(measure) and self.period is not None:
            raise Wrong(
                f"{counted.kind} er et niveau på en dag: giv det en frist (due), ikke en periode",
                f"a {counted.kind} is a level at a date: give it a due date, not a period",
            )
        if not is_level(measure) and not isinstance(measure, Milestone) and self.starts is None:
            raise Wrong(
                f"{counted.kind} skal have en periode med start og end",
                f"a {counted.kind} needs a period with start and end",
            )
        return self

    @model_validator(mode="after")
    def _comparable(self) -> Self:
        measure = self.measure
        if (self.comparison == "each_of") != isinstance(measure, EachOf) and not isinstance(measure, PerWindow):
            raise Wrong(
                "comparison each_of og measure each_of hører sammen",
                "comparison each_of and measure each_of belong together",
            )
        if isinstance(measure, Ratio) and self.comparison != "all_of":
            raise Wrong(
                "comparison all_of og measure ratio hører sammen", "comparison all_of and measure ratio belong together"
            )
        if (self.comparison in ("increase", "decrease")) != isinstance(measure, Trend):
            raise Wrong(
                "comparison increase eller decrease og measure trend hører sammen",
                "comparison increase or decrease and measure trend belong together",
            )
        if (self.comparison == "between") != (self.target_min is not None):
            raise Wrong(
                "comparison between og target_min hører sammen", "comparison between and target_min belong together"
            )
        if self.comparison in ("at_most", "between", "all_of") and self.target is None:
            raise Wrong(
                f"comparison {self.comparison} skal have et mål (target)",
                f"comparison {self.comparison} needs a target",
            )
        if self.target_min is not None and self.target is not None and self.target_min > self.target:
            raise Wrong("target_min er over målet (target)", "target_min is above the target")
        return self

    @property
    def starts(self) -> date | None:
        return self.period.start if self.period else None

    @property
    def ends(self) -> date:
        """The last day whose facts count, which is also the day the goal is due."""
        if self.period is not None:
            return self.period.end
        assert self.due is not None, "either a period or a due date (_dated)"  # noqa: S101
        return self.due

    @property
    def by_date(self) -> bool:
        """Whether what comes after the due date counts too, and is kept apart from what came in time."""
        return isinstance(self.measure, Milestone) or (self.comparison == "by_date" and isinstance(self.measure, Count))

    @property
    def aim(self) -> float:
        """What reaches it: the target; without one every window, any change at all, or that it happens once."""
        if self.target is not None:
            return self.target
        if isinstance(self.measure, PerWindow) and self.starts is not None:
            return len(stretches(self.starts, self.ends, self.measure.window))
        return 0 if isinstance(self.measure, Trend) else 1

    def moved(self, years: int) -> Self:
        return self.model_copy(
            update={"period": self.period and self.period.moved(years), "due": self.due and move(self.due, years)}
        )
