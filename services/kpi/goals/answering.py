"""From a goal, its numbers and what people decided to what is answered about it."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from services.kpi.counting.reading import Reading
from services.kpi.decisions.models import Decision
from services.kpi.decisions.schemas import DecisionAnswer
from services.kpi.definition.goal import Goal
from services.kpi.definition.measures import Milestone, PerWindow
from services.kpi.definition.plan import Plan
from services.kpi.goals import wording
from services.kpi.goals.judging import Proposal, propose, propose_for_all
from services.kpi.goals.schemas import ChangedAnswer, GoalAnswer, PeriodAnswer, ProposalAnswer, TurnAnswer
from services.kpi.goals.wording import Sentence
from services.kpi.milestones.rules import STAYED, Course
from services.kpi.models import AdoptedGoal
from services.kpi.published import rules as published
from services.kpi.published.rules import Seen
from shared.clock import DANISH, start_of_day

# Adopted with another text and no word of why.
UNEXPLAINED = Sentence("Målet er ændret, siden det blev vedtaget.", "The goal has changed since it was adopted.")
TOLD = (
    "id", "theme", "row", "objective", "activity", "kind", "codes", "statement", "statement_en", "comparison", "unit",
    "unit_en", "measured_by", "source", "owner", "stated", "baseline", "note",
)  # fmt: skip
"""What is answered as the plan has it."""


def answer(
    plan: Plan,
    goal: Goal,
    reading: Reading,
    state: AdoptedGoal,
    decision: Decision | None,
    covered: datetime | None,
    day: date,
    seen: Seen | None = None,
    course: Course = STAYED,
) -> GoalAnswer:
    """With what everybody sees of the goal (`seen`), nothing of the answer is made of anything else."""
    changed = _changed(goal, state)
    if seen is None:
        proposal = propose(plan, goal, reading, day, _dropped(course) or _why(goal, changed))
    else:
        proposal, reading = propose_for_all(plan, goal, seen, day, _why(goal, changed)), seen.low
    if (moved := _moved(course)) and proposal.result != "changed":
        before = proposal.time_reason
        proposal = replace(proposal, time_reason=Sentence(f"{before.da} {moved.da}", f"{before.en} {moved.en}"))
    return GoalAnswer(
        **{name: getattr(goal, name) for name in TOLD},
        **_status(proposal, decision),
        plan=plan.id,
        target=_target(goal),
        target_min=None if goal.target_min is None else Decimal(str(goal.target_min)),
        **_numbers(goal, reading, seen),
        turns=[TurnAnswer.model_validate(turn) for turn in course.turns],
        as_of=reading.as_of,
        period=PeriodAnswer(start=goal.starts, end=goal.ends),
        due=goal.ends,
        forecast=proposal.forecast.da,
        forecast_en=proposal.forecast.en,
        proposed=ProposalAnswer.model_validate(_proposed(proposal)),
        decision=decision and DecisionAnswer.model_validate(decision),
        coverage_from=covered,
        status=state.status,
        definition_version=state.before["version"] if state.before else state.since_version,
        changed=changed,
    )


def _moved(course: Course) -> Sentence | None:
    """From the day the plan had given it, and why it was moved last."""
    if course.moved_from is None:
        return None
    was, why = wording.day(course.moved_from), next(turn.reason for turn in reversed(course.turns) if turn.due)
    return Sentence(f"Flyttet fra {was.da}: {why}", f"Moved from {was.en}: {why}")


def _dropped(course: Course) -> Sentence | None:
    if course.dropped is None:
        return None
    return Sentence(f"Droppet: {course.dropped.reason}", f"Dropped: {course.dropped.reason}")


def _numbers(goal: Goal, reading: Reading, seen: Seen | None) -> dict[str, object]:
    if seen is None:
        each = reading.per_dimension and {name: dict(parts) for name, parts in reading.per_dimension.items()}
        return {
            "value": reading.value,
            "shown": None,
            "suppressed": False,
            "counted": reading.counted,
            "compared_with": reading.compared_with,
            "per_dimension": each,
            "events": reading.events,
        }
    return {
        "value": seen.value,
        "shown": published.written(goal, seen),
        "suppressed": seen.suppressed,
        "counted": seen.counted,
        "compared_with": seen.compared_with,
        "per_dimension": published.per_dimension(seen),
        "events": None,
    }


def to_the_day(covered: datetime | None) -> datetime | None:
    """The earliest fact may be one person's doing: everybody is told of the day, and not of the minute."""
    return covered and start_of_day(covered.astimezone(DANISH).date())


def _proposed(proposal: Proposal) -> dict[str, str]:
    return {
        "result": proposal.result,
        "result_reason": proposal.result_reason.da,
        "result_reason_en": proposal.result_reason.en,
        "time": proposal.time,
        "time_reason": proposal.time_reason.da,
        "time_reason_en": proposal.time_reason.en,
    }


def _status(proposal: Proposal, decision: Decision | None) -> dict[str, str]:
    """On each axis what a person decided, with the person's words in whatever language they are; else the counter's."""
    found = _proposed(proposal)
    if decision is not None:
        for axis, decided in (("result", decision.result), ("time", decision.time)):
            if decided is not None:
                found |= {axis: decided, f"{axis}_reason": decision.reason, f"{axis}_reason_en": decision.reason}
    return found


def _target(goal: Goal) -> Decimal | None:
    """A step's is that it is taken, and a window's that none goes by without; elsewhere the source must name one."""
    if goal.target is None and goal.comparison != "by_date" and not isinstance(goal.measure, Milestone | PerWindow):
        return None
    return Decimal(str(goal.aim))


def _changed(goal: Goal, state: AdoptedGoal) -> ChangedAnswer | None:
    """By an adoption here, or by the source itself."""
    if state.changed_at is None and goal.changed is None:
        return None
    reason = state.change_reason or (goal.changed and goal.changed.reason)
    return ChangedAnswer(version=state.since_version, at=state.changed_at, reason=reason)


def _why(goal: Goal, changed: ChangedAnswer | None) -> Sentence | None:
    if changed is None:
        return None
    if changed.reason is None:
        return UNEXPLAINED
    own = goal.changed is not None and goal.changed.reason == changed.reason
    return Sentence(changed.reason, goal.changed.reason_en if own and goal.changed else changed.reason)
