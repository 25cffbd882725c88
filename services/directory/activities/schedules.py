"""When an activity takes place: on a weekday again and again, or once. Wall-clock time in Denmark. Pure."""

import datetime
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, PlainSerializer, StringConstraints, model_validator

from shared.errors import Wrong
from shared.inputs import Day
from shared.validation import Body, form

CLOCK = form(r"^(?:[01][0-9]|2[0-3]):[0-5][0-9]$", "skal være et klokkeslæt, TT:MM", "must be a time of day, HH:MM")
MOST = 20


class Every(StrEnum):
    """How often: each week, each second week, or on the first or the last such weekday of a month."""

    WEEK = "week"
    TWO_WEEKS = "two_weeks"
    MONTH_FIRST = "month_first"
    MONTH_LAST = "month_last"


Clock = Annotated[str, StringConstraints(pattern=CLOCK)]


class Schedule(Body):
    """Either a weekday (Monday is 0), perhaps for a season, or a single date."""

    model_config = ConfigDict(populate_by_name=True)

    weekday: Annotated[int, Field(ge=0, le=6)] | None = None
    date: Day | None = None
    starts: Clock = Field(alias="from")
    to: Clock
    every: Every | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if (self.weekday is None) is (self.date is None):
            raise Wrong("skal have enten en ugedag eller en dato", "must have either a weekday or a date")
        if self.to <= self.starts:
            raise Wrong("skal slutte, efter at det begynder", "must end after it begins")
        if self.date is not None and (self.every or self.valid_from or self.valid_to):
            raise Wrong("en enkelt dato gentages ikke", "a single date does not repeat")
        if self.every is Every.TWO_WEEKS and self.valid_from is None:
            raise Wrong("hver anden uge skal have en første dag", "every second week needs a first day")
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise Wrong("sæsonen slutter, før den begynder", "the season ends before it begins")
        return self

    def document(self) -> dict[str, Any]:
        """As it is stored and answered: a repeating one with all of its keys, a single one with its three."""
        times = {"from": self.starts, "to": self.to}
        if self.date is not None:
            return {"date": self.date.isoformat(), **times}
        return {
            "weekday": self.weekday,
            **times,
            "every": (self.every or Every.WEEK).value,
            "valid_from": _written(self.valid_from),
            "valid_to": _written(self.valid_to),
        }


def _written(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None


def _documents(schedules: list[Schedule]) -> list[dict[str, Any]]:
    return [each.document() for each in schedules]


Schedules = Annotated[list[Schedule], Field(max_length=MOST), PlainSerializer(_documents)]
