"""How two versions of a plan differ, goal by goal, and which differences make another goal of it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from services.kpi.definition.plan import Goal, Plan

ChangeKind = Literal["added", "changed", "retired"]

# Other words for the same promise, and where it is filed. Everything else is what was promised, or how it is counted.
RETELLS = {
    "activity", "codes", "kind", "measured_by", "note", "objective", "owner", "people", "row", "source_lines", "stated",
    "statement_en", "theme", "unit_en", "unit_one", "unit_one_en",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldChange:
    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one goal."""

    goal: str
    kind: ChangeKind
    before: Goal | None
    after: Goal | None
    fields: tuple[FieldChange, ...] = ()
    reason: str | None = None
    late_otherwise: bool = False
    """The plan's months of being slightly late take part in counting a goal by a date, and they are others now."""

    @property
    def redefined(self) -> bool:
        """Whether the goal is another one than was agreed (≠), not merely told better."""
        return self.kind == "changed" and any(each.field not in RETELLS for each in self.fields)

    @property
    def recounted(self) -> bool:
        return self.after is not None and (self.late_otherwise or counts_differently(self.after, self.before))

    @property
    def wants_reason(self) -> bool:
        return self.redefined or self.kind == "retired"

    def because(self, reason: str | None) -> "Change":
        """With the goal's own reason, or the one that is given for the whole version."""
        own = self.after.changed.reason if self.after and self.after.changed else None
        return replace(self, reason=(own or reason) if self.wants_reason else None)


def differences(before: Plan | None, after: Plan) -> Iterator[Change]:
    """Added and changed goals in the new plan's order, then the retired ones in the old one's."""
    old = {goal.id: goal for goal in before.goals} if before else {}
    other_months = before and before.thresholds.slightly_late_months != after.thresholds.slightly_late_months
    for goal in after.goals:
        late_otherwise = bool(other_months) and goal.by_date
        if goal.id not in old:
            yield Change(goal.id, "added", None, goal)
        elif (fields := tuple(_fields(old[goal.id], goal))) or late_otherwise:
            yield Change(goal.id, "changed", old[goal.id], goal, fields, late_otherwise=late_otherwise)
    kept = {goal.id for goal in after.goals}
    for goal in old.values():
        if goal.id not in kept:
            yield Change(goal.id, "retired", goal, None)


def _fields(before: Goal, after: Goal) -> Iterator[FieldChange]:
    was, becomes = (_written(goal) for goal in (before, after))
    for name in [*becomes, *(each for each in was if each not in becomes)]:
        if was.get(name) != becomes.get(name):
            yield FieldChange(name, was.get(name), becomes.get(name))


def _written(goal: Goal) -> Mapping[str, Any]:
    return goal.model_dump(mode="json", by_alias=True)


def counts_differently(goal: Goal, before: Goal | None) -> bool:
    """Words and targets may change without a recount; the measure and the days may not."""
    return before is None or _counting(goal) != _counting(before)


def _counting(goal: Goal) -> tuple[object, ...]:
    return goal.measure, goal.starts, goal.ends, goal.by_date
