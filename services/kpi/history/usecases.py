"""A goal's way to where it stands."""

from itertools import islice

from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.counting.keys import GoalKey
from services.kpi.counting.reading import read
from services.kpi.definition.measures import Trend
from services.kpi.goals.judging import aim_of
from services.kpi.goals.repository import tallies
from services.kpi.history import repository, rules
from services.kpi.history.schemas import HistoryAnswer, PointAnswer
from services.kpi.receipts.usecases import defined
from shared.clock import today
from shared.errors import Invalid, Text

# Ten years of days: more than any plan runs, and little enough to draw.
MOST_POINTS = 3_700


class NoCurve(Invalid):
    slug = "no-curve"
    title = Text("Målet har ingen kurve", "The goal has no curve")


async def history(session: AsyncSession, tenant: str, plan_id: str, goal_id: str, by: rules.By) -> HistoryAnswer:
    plan, goal, state = await defined(session, tenant, plan_id, goal_id)
    if reason := rules.no_curve(goal):
        raise NoCurve(reason)
    key = GoalKey(tenant, plan_id, goal_id)
    asked = repository.received if rules.way(goal) == "adds" else repository.standing
    movements = await asked(session, key)
    now = read(goal, (await tallies(session, tenant, plan_id)).get(key, ()))

    aim, first = aim_of(plan, goal), rules.begins(goal)
    towards = rules.line(aim, now.compared_with)
    ends = list(islice(rules.ends_of(first, rules.closes(goal, movements, today()), by), MOST_POINTS + 1))
    pace = list(islice(rules.ends_of(first, goal.ends, by), MOST_POINTS + 1))
    if max(len(ends), len(pace)) > MOST_POINTS:
        raise Invalid.field("by", "giver for mange punkter; vælg længere skridt", "gives too many points; take longer")
    return HistoryAnswer(
        plan=plan_id,
        goal=goal_id,
        by=by,
        unit=goal.unit,
        unit_en=goal.unit_en,
        shows="counted" if isinstance(goal.measure, Trend) else "value",
        items=[PointAnswer(date=point.date, value=point.value) for point in rules.curve(goal, movements, ends)],
        target=towards.target,
        target_min=aim.target_min,
        compared_with=towards.compared_with,
        pace=[PointAnswer(date=point.date, value=point.value) for point in rules.pace(aim, towards, pace)],
        status=state.status,
    )
