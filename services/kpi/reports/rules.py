"""What has become of a reported number, and why: the facts then and now, side by side. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple
from uuid import UUID

from services.kpi.definition.goal import Goal

Cause = Literal["late_fact", "correction", "erasure", "merge", "new_definition"]


class FactKey(NamedTuple):
    part: str
    dimension: str
    event_id: UUID


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact that adds something else to the number than it did when it was reported."""

    event_id: UUID
    cause: Cause
    before: Decimal | None
    after: Decimal | None


Facts = Mapping[FactKey, Decimal]


def fact_changes(before: Facts, after: Facts, *, merged: bool = False) -> list[FactChange]:
    """`merged` says that organisations which the number tells apart were merged, or were taken apart, meanwhile."""
    return sorted(_changes(before, after, merged), key=lambda change: (change.cause, str(change.event_id)))


def _changes(before: Facts, after: Facts, merged: bool) -> Iterator[FactChange]:
    for key in before.keys() | after.keys():
        was, is_now = before.get(key), after.get(key)
        if was == is_now:
            continue
        if was is None:
            # What takes something back, or adds nothing because another fact stands, corrects; the rest came late.
            cause: Cause = "late_fact" if is_now is not None and is_now > 0 else "correction"
        else:
            cause = "merge" if merged else "erasure" if is_now is None else "correction"
        yield FactChange(key.event_id, cause, was, is_now)


def until(goal: Goal, day: date) -> Goal | None:
    """The goal as if `day` were its last: what counts on it. None where it had not begun by then."""
    if day >= goal.ends:
        return goal
    if goal.period is None:
        return goal.model_copy(update={"due": day})
    if goal.period.start is not None and goal.period.start > day:
        return None
    return goal.model_copy(update={"period": goal.period.model_copy(update={"end": day})})
