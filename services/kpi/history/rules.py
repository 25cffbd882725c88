"""What a goal had come to at the end of each day, week or month, and which goals that cannot be said of. Pure."""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

from services.kpi.counting.reading import Tally, read
from services.kpi.definition.goal import Goal
from services.kpi.definition.measures import Latest, Manual, MaxPerGroup, Ratio, Sum, Trend
from services.kpi.goals.rules import Aim, elapsed, expected
from shared.errors import Text

By = Literal["day", "week", "month"]
Way = Literal["adds", "replaces", "exceeds"]
NOTHING = Decimal(0)
SUNDAY = 6

OF_A_REGISTER = Text(
    "Andelen af et register har ingen kurve: dens kvitteringer viser registeret og det, der skete, ikke dagen "
    "hvor et medlem kom til at opfylde begge dele.",
    "A share of a register has no curve: its receipts show the register and what happened, not the day on which "
    "a member came to meet both.",
)
OF_NEWEST_ANSWERS = Text(
    "En sum af hver enkelts nyeste svar har ingen kurve: et svar, der er erstattet af et nyere, står i kvitteringen "
    "med 0.",
    "A sum of everybody's newest answer has no curve: an answer that a newer one replaced is on the receipt with 0.",
)


class Movement(NamedTuple):
    """What one Danish day did to a part of the number, or one thing that stands on that day."""

    day: date
    part: str
    dimension: str
    amount: Decimal
    as_of: datetime
    events: int


class Point(NamedTuple):
    date: date
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Line:
    """Where the number should end, and what it is compared with where it is a change."""

    target: Decimal | None
    compared_with: Decimal | None


def no_curve(goal: Goal) -> Text | None:
    """Why receipts do not tell what the number was on an earlier day; None where they do."""
    measure = goal.measure.measure if isinstance(goal.measure, Trend) else goal.measure
    if isinstance(measure, Ratio):
        return OF_A_REGISTER
    if isinstance(measure, Sum) and measure.latest_by is not None:
        return OF_NEWEST_ANSWERS
    return None


def way(goal: Goal) -> Way:
    """How things follow each other. Of a series the older ones are on the receipt with 0, so the things are asked."""
    match goal.measure.measure if isinstance(goal.measure, Trend) else goal.measure:
        case Latest() | Manual(aggregate="latest"):
            return "replaces"
        case MaxPerGroup():
            return "exceeds"
        case _:
            return "adds"


def curve(goal: Goal, movements: Sequence[Movement], ends: Iterable[date]) -> Iterator[Point]:
    """The value at the end of each of these days, as far as is known today: a late fact belongs to its own day."""
    following = way(goal)
    standing: dict[tuple[str, str], Tally] = {}
    done = 0
    for end in ends:
        while done < len(movements) and movements[done].day <= end:
            _move(standing, movements[done], following)
            done += 1
        reading = read(goal, standing.values())
        yield Point(end, reading.counted if isinstance(goal.measure, Trend) else reading.value)


def _move(standing: dict[tuple[str, str], Tally], by: Movement, following: Way) -> None:
    before = standing.get((by.part, by.dimension), Tally(by.part, by.dimension, NOTHING, None, 0))
    value = by.amount
    if following == "adds":
        value += before.value
    elif following == "exceeds" and before.events:
        value = max(value, before.value)
    standing[by.part, by.dimension] = replace(before, value=value, as_of=by.as_of, events=before.events + by.events)


def begins(goal: Goal) -> date:
    """A number of a period begins with it, and a level with the year it is due in, with what it has by then."""
    return goal.starts or date(goal.ends.year, 1, 1)


def closes(goal: Goal, movements: Sequence[Movement], today: date) -> date:
    """Today or the due date; later only where something was undone afterwards, so that the curve ends at the value."""
    last = min(today, goal.ends)
    return max(last, movements[-1].day) if movements else last


def ends_of(first: date, last: date, by: By) -> Iterator[date]:
    """The last day of each day, ISO week or month that the days from first to last touch, cut to them."""
    while first <= last:
        end = first
        if by == "week":
            end += timedelta(days=SUNDAY - first.weekday())
        elif by == "month":
            end = end.replace(day=monthrange(first.year, first.month)[1])
        yield min(end, last)
        first = end + timedelta(days=1)


def line(aim: Aim, compared_with: Decimal | None) -> Line:
    if not aim.is_trend:
        return Line(aim.target, None)
    if compared_with is None:
        return Line(None, None)
    return Line(compared_with + (aim.target if aim.comparison == "increase" else -aim.target), compared_with)


def pace(aim: Aim, towards: Line, ends: Iterable[date]) -> Iterator[Point]:
    """What is needed by each day, up to the due date. A level, a step and a ceiling have none."""
    if towards.target is None or aim.starts is None:
        return
    for end in ends:
        yield Point(end, towards.target * elapsed(aim, end) if aim.is_trend else expected(aim, end))
