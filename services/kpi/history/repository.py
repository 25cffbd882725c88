"""What happened to a goal day by day, from its receipts or from the things that stand."""

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.counting.keys import GoalKey
from services.kpi.history.rules import Movement
from shared.clock import DANISH

# A day of millions of receipts is one row here: a curve is drawn of days.
RECEIPTS = """
select (time at time zone :zone)::date as day, part, dimension, sum(amount), max(time), count(*)
from evidence where tenant = :tenant and plan = :plan and goal = :goal
group by 1, 2, 3 order by 1
"""

# In the order in which one follows the other (`counting/settle.py`, _recency).
STANDING = """
select coalesce(day, (time at time zone :zone)::date) as day, part, dimension, amount, time, 1
from tallies t join entries e using (number)
where t.tenant = :tenant and t.plan = :plan and t.goal = :goal and e.counts
order by 1, recorded, event_id
"""


async def received(session: AsyncSession, goal: GoalKey) -> list[Movement]:
    return await _movements(session, RECEIPTS, goal)


async def standing(session: AsyncSession, goal: GoalKey) -> list[Movement]:
    return await _movements(session, STANDING, goal)


async def _movements(session: AsyncSession, statement: str, goal: GoalKey) -> list[Movement]:
    connection = await session.connection()
    return [Movement(*row) for row in await connection.execute(text(statement), goal._asdict() | {"zone": DANISH.key})]
