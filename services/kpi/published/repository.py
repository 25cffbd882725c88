"""Every question about what was published of the goals that count people. Rows are added and never changed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.counting.keys import GoalKey
from services.kpi.published.rules import Number, Published

NEWEST = text("""
select distinct on (plan, goal, part, dimension) plan, goal, part, dimension, level, at from published
where tenant = :tenant and (plan, goal) in (select * from unnest(cast(:plans as text[]), cast(:goals as text[])))
order by plan, goal, part, dimension, id desc
""")
OF_GOAL = """
select part, dimension, level, at from published where tenant = :tenant and plan = :plan and goal = :goal order by id
"""
ADD = """
insert into published (tenant, plan, goal, part, dimension, level, at)
values (:tenant, :plan, :goal, :part, :dimension, :level, :at)
"""


async def newest(
    session: AsyncSession, tenant: str, goals: Collection[GoalKey]
) -> Mapping[GoalKey, Mapping[Number, Published]]:
    """What is shown now of these goals."""
    found: dict[GoalKey, dict[Number, Published]] = defaultdict(dict)
    named = {"plans": [goal.plan for goal in goals], "goals": [goal.goal for goal in goals]}
    for row in await (await session.connection()).execute(NEWEST, {"tenant": tenant, **named}):
        found[GoalKey(tenant, row.plan, row.goal)][Number(row.part, row.dimension)] = Published(row.level, row.at)
    return found


async def publish_alone(session: AsyncSession, tenant: str) -> None:
    """Two readers who come at the same time show the same: what the second one sees, it sees after the first."""
    statement = text("select pg_advisory_xact_lock(hashtextextended('published ' || :tenant, 0))")
    await (await session.connection()).execute(statement, {"tenant": tenant})


async def add(session: AsyncSession, moves: Iterable[tuple[GoalKey, Number, Decimal]], at: datetime) -> None:
    rows = [key._asdict() | number._asdict() | {"level": level, "at": at} for key, number, level in moves]
    await (await session.connection()).execute(text(ADD), rows)


async def steps(session: AsyncSession, goal: GoalKey) -> Sequence[tuple[Number, Published]]:
    """Everything that was ever shown of a goal, in order."""
    rows = await (await session.connection()).execute(text(OF_GOAL), goal._asdict())
    return [(Number(row.part, row.dimension), Published(row.level, row.at)) for row in rows]
