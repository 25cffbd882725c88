"""A goal's way to where it stands."""

from collections.abc import Iterable
from datetime import date
from functools import partial
from itertools import islice

from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.counting.keys import GoalKey
from services.kpi.counting.reading import Reading
from services.kpi.definition.goal import Goal
from services.kpi.definition.measures import Trend
from services.kpi.definition.people import about_people
from services.kpi.goals.judging import aim_of
from services.kpi.goals.usecases import readings
from services.kpi.history import repository, rules
from services.kpi.history.schemas import HistoryAnswer, PointAnswer
from services.kpi.published import repository as published
from services.kpi.published.rules import Seen, curve, written
from services.kpi.published.usecases import seen_by_all
from services.kpi.receipts.usecases import defined
from shared.clock import today
from shared.errors import Invalid, Text

# Ten years of days: more than any plan runs, and little enough to draw.
MOST_POINTS = 3_700


class NoCurve(Invalid):
    slug = "no-curve"
    title = Text("Målet har ingen kurve", "The goal has no curve")


async def history(
    session: AsyncSession, tenant: str, plan_id: str, goal_id: str, by: rules.By, *, exact: bool
) -> HistoryAnswer:
    plan, goal, state = await defined(session, tenant, plan_id, goal_id)
    if reason := rules.no_curve(goal):
        raise NoCurve(reason)
    key, hidden = GoalKey(tenant, plan_id, goal_id), about_people(goal) and not exact
    look = partial(readings, session, tenant, [plan], {key})
    if hidden:
        found, seen = await seen_by_all(session, tenant, look)
        # When something was undone after the due date is not for everybody.
        movements, compared_with = list[rules.Movement](), seen[key].compared_with
    else:
        found = await look()
        asked = repository.received if rules.way(goal) == "adds" else repository.standing
        movements, compared_with = await asked(session, key), found[key][1].compared_with
    aim, first = aim_of(plan, goal), rules.begins(goal)
    towards = rules.line(aim, compared_with)
    ends = list(islice(rules.ends_of(first, rules.closes(goal, movements, today()), by), MOST_POINTS + 1))
    pace = list(islice(rules.ends_of(first, goal.ends, by), MOST_POINTS + 1))
    if max(len(ends), len(pace)) > MOST_POINTS:
        raise Invalid.field("by", "giver for mange punkter; vælg længere skridt", "gives too many points; take longer")
    if hidden:
        items = await _published(session, key, *found[key], ends)
    else:
        items = [_point(point) for point in rules.curve(goal, movements, ends)]
    return HistoryAnswer(
        plan=plan_id,
        goal=goal_id,
        by=by,
        unit=goal.unit,
        unit_en=goal.unit_en,
        shows="counted" if isinstance(goal.measure, Trend) else "value",
        items=items,
        target=towards.target,
        target_min=aim.target_min,
        compared_with=towards.compared_with,
        pace=[_point(point) for point in rules.pace(aim, towards, pace)],
        status=state.status,
    )


async def _published(
    session: AsyncSession, key: GoalKey, goal: Goal, reading: Reading, ends: Iterable[date]
) -> list[PointAnswer]:
    steps = await published.steps(session, key)
    return [_seen(end, goal, seen) for end, seen in curve(goal, reading, steps, ends)]


def _seen(end: date, goal: Goal, seen: Seen | None) -> PointAnswer:
    if seen is None:
        return PointAnswer(date=end, value=None, shown=None)
    if isinstance(goal.measure, Trend):
        return PointAnswer(date=end, value=seen.counted, shown=None)
    return PointAnswer(date=end, value=seen.value, shown=written(goal, seen))


def _point(point: rules.Point) -> PointAnswer:
    return PointAnswer(date=point.date, value=point.value, shown=None)
