"""Every question about reports, and about the facts that were behind their numbers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.ingest.repository import send
from services.kpi.reports.models import Report, ReportedGoal
from services.kpi.reports.rules import FactKey, Facts
from shared.errors import NotFound
from shared.paging import PageRequest, paginate

KEEP = """
insert into report_facts (tenant, report_id, goal, part, dimension, event_id, type, time, amount) select * from {rows}
"""
FACT = {
    "tenant": "text", "report_id": "uuid", "goal": "text", "part": "text", "dimension": "text", "event_id": "uuid",
    "type": "text", "time": "timestamptz", "amount": "numeric",
}  # fmt: skip
RECEIPTS = """
select goal, part, dimension, event_id, type, time, amount from evidence
where tenant = :tenant and plan = :plan and goal = any(cast(:goals as text[]))
"""
KEPT = "select goal, part, dimension, event_id, amount from report_facts where tenant = :tenant and report_id = :report"
LATER = """
select distinct goal from evidence
where tenant = :tenant and plan = :plan and amount <> 0 and time >= :after
"""


async def page(
    session: AsyncSession, tenant: str, plan: str, paging: PageRequest
) -> tuple[Sequence[Report], str | None]:
    query = select(Report).where(Report.tenant == tenant, Report.plan == plan)
    return await paginate(session, query, Report.id, paging, newest_first=True)


async def get(session: AsyncSession, tenant: str, plan: str, report_id: UUID) -> Report:
    query = select(Report).where(Report.tenant == tenant, Report.plan == plan, Report.id == report_id)
    if found := (await session.exec(query)).first():
        return found
    raise NotFound


async def goals(session: AsyncSession, report: Report) -> Sequence[ReportedGoal]:
    query = select(ReportedGoal).where(ReportedGoal.tenant == report.tenant, ReportedGoal.report_id == report.id)
    return (await session.exec(query.order_by(col(ReportedGoal.position)))).all()


async def keep(session: AsyncSession, report: Report, receipts: Iterable[Mapping[str, Any]]) -> None:
    rows = ((report.tenant, report.id, *(row[name] for name in list(FACT)[2:])) for row in receipts)
    await send(session, KEEP, FACT, rows)


async def receipts(session: AsyncSession, tenant: str, plan: str, wanted: Sequence[str]) -> list[dict[str, Any]]:
    values = {"tenant": tenant, "plan": plan, "goals": list(wanted)}
    return [dict(row._mapping) for row in await (await session.connection()).execute(text(RECEIPTS), values)]


async def kept(session: AsyncSession, report: Report) -> Mapping[str, Facts]:
    found: dict[str, dict[FactKey, Any]] = defaultdict(dict)
    values = {"tenant": report.tenant, "report": report.id}
    for row in await (await session.connection()).execute(text(KEPT), values):
        found[row.goal][FactKey(row.part, row.dimension, row.event_id)] = row.amount
    return found


async def moved_on(session: AsyncSession, tenant: str, plan: str, after: datetime) -> set[str]:
    """Goals that hold facts from later than that."""
    values = {"tenant": tenant, "plan": plan, "after": after}
    return {row.goal for row in await (await session.connection()).execute(text(LATER), values)}
