"""Opening hours as they are sent: a week, seasons that replace it, days that differ, and periods of being closed."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from services.booking.resources.rules import Days, Opening, crossing, minutes, overlapping
from shared.errors import Wrong
from shared.inputs import Day, Line, Place
from shared.validation import Body, form

CLOCK = form(r"^([01][0-9]|2[0-3]):[0-5][0-9]$", "skal være et klokkeslæt, TT:MM", "must be a time of day, HH:MM")
CLOCK_END = form(
    r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", "skal være et klokkeslæt, TT:MM", "must be a time of day, HH:MM"
)
Clock = Annotated[str, Field(pattern=CLOCK, examples=["09:00"])]
ClockEnd = Annotated[str, Field(pattern=CLOCK_END, examples=["16:00"])]
SlotMinutes = Annotated[int, Field(strict=True, ge=5, le=1440)]
BufferMinutes = Annotated[int, Field(strict=True, ge=0, le=1440)]


class ClockHours(Body):
    """From one time to another on a Danish clock; `24:00` is midnight at the day's end."""

    opens: Annotated[Clock, Field(alias="from")]
    closes: Annotated[ClockEnd, Field(alias="to")]

    @field_validator("closes")
    @classmethod
    def _after_opening(cls, closes: str, info: ValidationInfo) -> str:
        if "opens" in info.data and minutes(closes) <= minutes(info.data["opens"]):
            raise Wrong("skal være senere end åbningen", "must be later than the opening")
        return closes


class OpeningHours(ClockHours):
    """Open on a weekday (0 is Monday); `locality` where it is elsewhere than usual, such as an adviser's day out."""

    weekday: Annotated[int, Field(strict=True, ge=0, le=6)]
    locality: Place | None = None


def _apart(hours: list[ClockHours]) -> list[ClockHours]:
    openings = (Opening(getattr(each, "weekday", 0), minutes(each.opens), minutes(each.closes)) for each in hours)
    if overlapping(openings):
        raise Wrong("to åbningstider samme dag overlapper", "two openings of the same day overlap")
    return hours


Week = Annotated[list[OpeningHours], Field(max_length=50), AfterValidator(_apart)]


class _Period(Body):
    """Days of the Danish calendar, the last one included."""

    first_day: Day
    last_day: Day

    @field_validator("last_day")
    @classmethod
    def _not_before(cls, last: date, info: ValidationInfo) -> date:
        if "first_day" in info.data and last < info.data["first_day"]:
            raise Wrong("må ikke ligge før den første dag", "must not lie before the first day")
        return last


class Season(_Period):
    """A period with a week of its own, such as the summer."""

    opening_hours: Week


class Special(Body):
    """One day that differs from its weekday; without hours it is closed."""

    day: Day
    opening_hours: Annotated[list[ClockHours], Field(max_length=10), AfterValidator(_apart)]


class Closure(_Period):
    """A period in which nothing can be booked; what is booked already stands until somebody decides on it."""

    reason: Line | None = None


def _seasons_apart(seasons: list[Season]) -> list[Season]:
    if crossing(Days(each.first_day, each.last_day) for each in seasons):
        raise Wrong("to sæsoner overlapper", "two seasons overlap")
    return seasons


def _once_each(exceptions: list[Special]) -> list[Special]:
    if len({each.day for each in exceptions}) < len(exceptions):
        raise Wrong("den samme dag står to gange", "the same day is given twice")
    return exceptions


Seasons = Annotated[list[Season], Field(max_length=20), AfterValidator(_seasons_apart)]
Exceptions = Annotated[list[Special], Field(max_length=400), AfterValidator(_once_each)]
Closures = Annotated[list[Closure], Field(max_length=50)]
