"""Every question about the numbers and their receipts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.counting.keys import GoalKey
from services.kpi.counting.reading import Tally
from shared.database import ask

# A number of nothing that no fact is behind is none: something was undone before it was done.
TALLIES = """
select tenant, plan, goal, part, dimension, value, as_of, events from tallies
where (cast(:tenant as text) is null or tenant = :tenant) and (cast(:plan as text) is null or plan = :plan)
and (value <> 0 or events <> 0 or as_of is not null)
"""
TALLIES_OF = """
select tenant, plan, goal, part, dimension, value, as_of, events from tallies
where tenant = %(tenant)s and (plan, goal) in (select * from unnest(%(plans)s::text[], %(goals)s::text[]))
"""


async def tallies(
    session: AsyncSession, tenant: str | None = None, plan: str | None = None
) -> Mapping[GoalKey, Sequence[Tally]]:
    connection = await session.connection()
    return _by_goal(await connection.execute(text(TALLIES), {"tenant": tenant, "plan": plan}))


async def tallies_of(
    session: AsyncSession, tenant: str, goals: Collection[GoalKey]
) -> Mapping[GoalKey, Sequence[Tally]]:
    """Those of a few goals."""
    named = {"plans": [goal.plan for goal in goals], "goals": [goal.goal for goal in goals]}
    return _by_goal(await ask(session, TALLIES_OF, {"tenant": tenant, **named}))


def _by_goal(rows: Iterable[Any]) -> Mapping[GoalKey, Sequence[Tally]]:
    found: dict[GoalKey, list[Tally]] = defaultdict(list)
    for row in rows:
        number = Tally(row.part, row.dimension, row.value, row.as_of, row.events)
        found[GoalKey(row.tenant, row.plan, row.goal)].append(number)
    return found


async def coverage(session: AsyncSession, tenant: str) -> Mapping[str, datetime]:
    """By topic, the time of the centre's earliest fact."""
    rows = await ask(session, "select topic, since from coverage where tenant = %(tenant)s", {"tenant": tenant})
    return {row.topic: row.since for row in rows}
