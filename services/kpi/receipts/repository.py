"""Every question about the facts behind a number, as stored or as counted anew: the tables have the same names."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.counting.compile import compile_goal
from services.kpi.counting.counter import Adding
from services.kpi.counting.keys import GoalKey
from services.kpi.definition.plan import Goal, Plan
from services.kpi.definition.vocabulary import spoken
from services.kpi.goals.models import Evidence
from services.kpi.receipts import statements
from shared.clock import start_of_day
from shared.paging import PageRequest, paginate


class Counts(NamedTuple):
    counted: int
    superseded: int
    late: int | None
    retracted: int
    facts: int


async def evidence(
    session: AsyncSession,
    goal: GoalKey,
    paging: PageRequest,
    dimensions: Iterable[str] = (),
    first: date | None = None,
    last: date | None = None,
) -> tuple[Sequence[Evidence], str | None]:
    query = select(Evidence).where(
        Evidence.tenant == goal.tenant, Evidence.plan == goal.plan, Evidence.goal == goal.goal
    )
    if wanted := list(dimensions):
        query = query.where(col(Evidence.dimension).in_(wanted))
    if first is not None:
        query = query.where(Evidence.time >= start_of_day(first))
    if last is not None:
        query = query.where(Evidence.time < start_of_day(last + timedelta(days=1)))
    return await paginate(session, query, Evidence.id, paging)


async def counts(session: AsyncSession, tenant: str, plan: Plan, goal: Goal) -> Counts:
    connection = await session.connection()
    key = {"tenant": tenant, "plan": plan.id, "goal": goal.id}
    after: datetime = start_of_day(goal.ends + timedelta(days=1))
    row = (await connection.execute(text(statements.RECEIPT), key | {"after": after})).one()
    heard = {listener.counter for _, listener in compile_goal(tenant, plan, goal, spoken())}
    parts = sorted({counter.part for counter in heard if counter.adding in (Adding.SWITCH, Adding.SERIES)})
    taken_back: dict[str, Any] = key | {"parts": parts}
    retracted = (await connection.execute(text(statements.RETRACTED), taken_back)).scalar_one()
    late = None if row.unknown else int(row.late)
    return Counts(row.counted, row.superseded, late, int(retracted), row.facts)
