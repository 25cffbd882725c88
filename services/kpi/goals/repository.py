"""Every question about the numbers and their receipts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.counting.keys import GoalKey
from services.kpi.counting.reading import Tally

# A number of nothing that no fact is behind is none: something was undone before it was done.
TALLIES = """
select tenant, plan, goal, part, dimension, value, as_of, events from tallies
where (cast(:tenant as text) is null or tenant = :tenant) and (cast(:plan as text) is null or plan = :plan)
and (value <> 0 or events <> 0 or as_of is not null)
"""


async def tallies(
    session: AsyncSession, tenant: str | None = None, plan: str | None = None
) -> Mapping[GoalKey, Sequence[Tally]]:
    connection = await session.connection()
    found: dict[GoalKey, list[Tally]] = defaultdict(list)
    for row in await connection.execute(text(TALLIES), {"tenant": tenant, "plan": plan}):
        number = Tally(row.part, row.dimension, row.value, row.as_of, row.events)
        found[GoalKey(row.tenant, row.plan, row.goal)].append(number)
    return found


async def coverage(session: AsyncSession, tenant: str) -> Mapping[str, datetime]:
    """By topic, the time of the centre's earliest fact."""
    connection = await session.connection()
    rows = await connection.execute(
        text("select topic, since from coverage where tenant = :tenant"), {"tenant": tenant}
    )
    return {row.topic: row.since for row in rows}
