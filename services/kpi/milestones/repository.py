"""Every question about milestones."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.counting.keys import GoalKey
from services.kpi.milestones.models import Milestone, MilestoneChange
from services.kpi.milestones.rules import Course, Turn
from shared.database import ask
from shared.errors import NotFound
from shared.paging import PageRequest, paginate


async def add(session: AsyncSession, milestone: Milestone) -> bool:
    """False when the goal has one that stands; a second one at the same time waits here and loses."""
    statement = insert(Milestone).values(milestone.model_dump())
    taken = statement.on_conflict_do_nothing(
        index_elements=["tenant", "plan", "goal"], index_where=col(Milestone.retracted_at).is_(None)
    )
    return (await session.exec(taken.returning(col(Milestone.id)))).first() is not None


async def get(session: AsyncSession, tenant: str, milestone_id: UUID, *, lock: bool = False) -> Milestone:
    query = select(Milestone).where(Milestone.tenant == tenant, Milestone.id == milestone_id)
    found = (await session.exec(query.with_for_update() if lock else query)).first()
    if found is None:
        raise NotFound
    return found


async def page(
    session: AsyncSession, tenant: str, paging: PageRequest, plan: str | None
) -> tuple[Sequence[Milestone], str | None]:
    query = select(Milestone).where(Milestone.tenant == tenant)
    if plan is not None:
        query = query.where(Milestone.plan == plan)
    return await paginate(session, query, Milestone.id, paging)


async def taken(session: AsyncSession, tenant: str | None = None) -> Mapping[GoalKey, date]:
    """The days of the steps that stand as taken."""
    query = select(Milestone).where(col(Milestone.retracted_at).is_(None))
    if tenant is not None:
        query = query.where(Milestone.tenant == tenant)
    return {GoalKey(row.tenant, row.plan, row.goal): row.reached_on for row in (await session.exec(query)).all()}


COURSES = """
select tenant, plan, goal, id, due_before, due, reason, decided_role, decided_at, undone_at, version
from milestone_changes where %(tenant)s::text is null or tenant = %(tenant)s order by id
"""


async def courses(session: AsyncSession, tenant: str | None = None) -> Mapping[GoalKey, Course]:
    """What was decided about each milestone that anything was decided about."""
    found: dict[GoalKey, list[Any]] = defaultdict(list)
    for row in await ask(session, COURSES, {"tenant": tenant}):
        found[GoalKey(row.tenant, row.plan, row.goal)].append(row)
    return {key: _course(rows) for key, rows in found.items()}


def _course(rows: Sequence[Any]) -> Course:
    turns = (
        Turn(row.id, row.due_before, row.due, row.reason, row.decided_role, row.decided_at)
        for row in rows
        if row.undone_at is None
    )
    last = max(row.undone_at or row.decided_at for row in rows)
    return Course(tuple(turns), sum(row.version for row in rows), last)


async def change(session: AsyncSession, tenant: str, change_id: UUID) -> MilestoneChange:
    """Locked."""
    query = select(MilestoneChange).where(MilestoneChange.tenant == tenant, MilestoneChange.id == change_id)
    if found := (await session.exec(query.with_for_update())).first():
        return found
    raise NotFound


async def changes(
    session: AsyncSession, tenant: str, paging: PageRequest, plan: str | None
) -> tuple[Sequence[MilestoneChange], str | None]:
    query = select(MilestoneChange).where(MilestoneChange.tenant == tenant)
    if plan is not None:
        query = query.where(MilestoneChange.plan == plan)
    return await paginate(session, query, MilestoneChange.id, paging)
