"""What the counter proposes for a goal today: result, time and forecast, each with its reason."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.kpi.counting.reading import Reading
from services.kpi.definition.days import Stretch, stretches
from services.kpi.definition.goal import Goal
from services.kpi.definition.measures import MaxPerGroup, Milestone, PerWindow, is_level
from services.kpi.definition.plan import Plan
from services.kpi.goals import reasons, rules
from services.kpi.goals.forecast import foresee
from services.kpi.goals.wording import Sentence
from services.kpi.published.rules import Seen

PACED = {"at_least", "between", "increase", "decrease"}


@dataclass(frozen=True, slots=True)
class Proposal:
    result: rules.Result
    result_reason: Sentence
    time: rules.Time
    time_reason: Sentence
    forecast: Sentence


def propose(plan: Plan, goal: Goal, reading: Reading, today: date, changed: Sentence | None = None) -> Proposal:
    """`changed` is why the goal is no longer followed up as it was agreed (≠): then no number can say how it stands."""
    aim = aim_of(plan, goal)
    result = "changed" if changed else rules.judge(aim, reading, today)
    time = rules.time(aim, result, today, reading.lateness)
    return Proposal(
        result=result,
        result_reason=changed or reasons.of_result(aim, result, reading, today),
        time=time,
        time_reason=reasons.of_time(aim, result, time, today),
        forecast=foresee(aim, result, reading, today),
    )


def propose_for_all(plan: Plan, goal: Goal, seen: Seen, today: date, changed: Sentence | None = None) -> Proposal:
    """What everybody is told: judged from what everybody sees. Where that can mean two things, it can't be judged."""
    low, high = (propose(plan, goal, reading, today, changed) for reading in (seen.low, seen.high))
    if changed or not (seen.suppressed or low.result != high.result):
        return low
    result: rules.Result = low.result if low.result == high.result else "too_few"
    time = rules.time(aim_of(plan, goal), result, today, seen.low.lateness)
    told = reasons.of_time(aim_of(plan, goal), result, time, today)
    return Proposal(result, reasons.TOO_FEW_TO_SHOW, time, told, reasons.TOO_FEW_TO_SHOW)


def aim_of(plan: Plan, goal: Goal) -> rules.Aim:
    measure, thresholds = goal.measure, plan.thresholds
    windows: tuple[Stretch, ...] = ()
    if isinstance(measure, PerWindow) and goal.starts is not None:
        windows = tuple(stretches(goal.starts, goal.ends, measure.window))
    paced = goal.comparison in PACED and not is_level(measure) and not isinstance(measure, Milestone | MaxPerGroup)
    return rules.Aim(
        target=Decimal(str(goal.aim)),
        starts=goal.starts if paced else None,
        due=goal.ends,
        mostly=Decimal(str(thresholds.mostly_reached)),
        unit=goal.unit,
        unit_en=goal.unit_en,
        comparison="by_date" if isinstance(measure, Milestone) else goal.comparison,
        target_min=None if goal.target_min is None else Decimal(str(goal.target_min)),
        late_months=thresholds.slightly_late_months,
        too_few=Decimal(thresholds.too_few),
        windows=windows,
        unit_one=goal.unit_one,
        unit_one_en=goal.unit_one_en,
    )
