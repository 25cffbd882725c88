"""Every question about adopted plans and their goals."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.counting.keys import GoalKey
from services.kpi.models import AdoptedGoal, AdoptedPlan, GoalStatus, PlanVersion
from shared.database import ask
from shared.errors import NotFound

ADOPTION_LOCK = 7_302_423
PLANS_CHANGED = "plans"
"""The channel on which a worker hears that a plan was adopted."""


async def plans(session: AsyncSession, tenant: str | None = None) -> Sequence[AdoptedPlan]:
    query = select(AdoptedPlan).order_by(col(AdoptedPlan.tenant), col(AdoptedPlan.plan))
    if tenant is not None:
        query = query.where(AdoptedPlan.tenant == tenant)
    return (await session.exec(query)).all()


class Edition(NamedTuple):
    """A plan as it stands since it last changed."""

    tenant: str
    plan: str
    id: UUID
    version: int


async def editions(session: AsyncSession) -> Sequence[Edition]:
    rows = await ask(session, "select tenant, plan, id, version from plans order by tenant, plan", {})
    return [Edition(*row) for row in rows]


async def plans_of(session: AsyncSession, ids: Sequence[UUID]) -> Sequence[AdoptedPlan]:
    return (await session.exec(select(AdoptedPlan).where(col(AdoptedPlan.id).in_(ids)))).all() if ids else []


async def plan(session: AsyncSession, tenant: str, plan_id: str) -> AdoptedPlan | None:
    query = select(AdoptedPlan).where(AdoptedPlan.tenant == tenant, AdoptedPlan.plan == plan_id)
    return (await session.exec(query)).first()


async def adopt_alone(session: AsyncSession) -> None:
    """Adoptions of this database happen one after another: a plan that is not there yet has no row to lock."""
    await (await session.connection()).execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": ADOPTION_LOCK})


async def existing_plan(session: AsyncSession, tenant: str, plan_id: str) -> AdoptedPlan:
    if found := await plan(session, tenant, plan_id):
        return found
    raise NotFound


async def goals(session: AsyncSession, tenant: str | None = None, plan_id: str | None = None) -> Sequence[AdoptedGoal]:
    query = select(AdoptedGoal).order_by(
        col(AdoptedGoal.tenant), col(AdoptedGoal.plan), col(AdoptedGoal.position), col(AdoptedGoal.goal)
    )
    if tenant is not None:
        query = query.where(AdoptedGoal.tenant == tenant)
    if plan_id is not None:
        query = query.where(AdoptedGoal.plan == plan_id)
    return (await session.exec(query)).all()


GOALS_NAMED = """
select * from goals
where tenant = %(tenant)s and (plan, goal) in (select * from unnest(%(plans)s::text[], %(goals)s::text[]))
"""


async def goals_named(session: AsyncSession, tenant: str, wanted: Collection[GoalKey]) -> Sequence[AdoptedGoal]:
    """These goals, of those that there are. To be looked at: what is changed in them is not stored."""
    named = {"plans": [goal.plan for goal in wanted], "goals": [goal.goal for goal in wanted]}
    rows = await ask(session, GOALS_NAMED, {"tenant": tenant, **named})
    return [AdoptedGoal(**row._asdict() | {"status": GoalStatus(row.status)}) for row in rows]


async def held_back(session: AsyncSession, tenant: str) -> Mapping[GoalKey, Mapping[str, Any]]:
    """The changed goals whose new numbers are not whole yet, with those they had come to."""
    statement = "select plan, goal, before from goals where tenant = %(tenant)s and before is not null"
    rows = await ask(session, statement, {"tenant": tenant})
    return {GoalKey(tenant, row.plan, row.goal): row.before for row in rows}


async def backfilling(session: AsyncSession) -> list[GoalKey]:
    return await _that_are(session, GoalStatus.BACKFILLING)


async def live(session: AsyncSession) -> list[GoalKey]:
    return await _that_are(session, GoalStatus.LIVE)


async def _that_are(session: AsyncSession, status: GoalStatus) -> list[GoalKey]:
    query = select(AdoptedGoal.tenant, AdoptedGoal.plan, AdoptedGoal.goal).where(AdoptedGoal.status == status)
    return sorted(GoalKey(*row) for row in (await session.exec(query)).all())


async def set_live(session: AsyncSession, keys: Iterable[GoalKey]) -> None:
    """From one commit to the next: what stood in for the numbers goes, and they are shown."""
    await _change(session, keys, "status = 'live', before = null", {})


async def note_progress(session: AsyncSession, keys: Iterable[GoalKey], read: int, of: int) -> None:
    """How much of its history each of these goals has. Which goals a batch holds just now, is noted the next time."""
    tenants, plans_, goals_ = zip(*keys, strict=True)
    statement = text(
        "with free as (select tenant, plan, goal from goals join unnest(cast(:tenants as text[]),"
        " cast(:plans as text[]), cast(:goals as text[])) as which(tenant, plan, goal) using (tenant, plan, goal)"
        " for no key update of goals skip locked) update goals set history_read = :read, history_of = :of from free"
        " where (goals.tenant, goals.plan, goals.goal) = (free.tenant, free.plan, free.goal)"
    )
    values = {"tenants": list(tenants), "plans": list(plans_), "goals": list(goals_), "read": read, "of": of}
    await (await session.connection()).execute(statement, values)


async def note_beginning(session: AsyncSession, keys: Iterable[GoalKey], read_from: Mapping[str, Any]) -> None:
    beginning = {"read_from": json.dumps(read_from)}
    await _change(session, keys, "read_from = cast(:read_from as jsonb)", beginning)


async def _change(session: AsyncSession, keys: Iterable[GoalKey], to: str, values: Mapping[str, Any]) -> None:
    """One statement, however many goals: a history may be that of thousands."""
    tenants, plans_, goals_ = zip(*keys, strict=True) if (keys := list(keys)) else ((), (), ())
    statement = (
        f"update goals set {to} from unnest(cast(:tenants as text[]), cast(:plans as text[]), cast(:goals as text[]))"  # noqa: S608 - ours
        " as which(tenant, plan, goal) where (goals.tenant, goals.plan, goals.goal)"
        " = (which.tenant, which.plan, which.goal)"
    )
    named = {"tenants": list(tenants), "plans": list(plans_), "goals": list(goals_)}
    await (await session.connection()).execute(text(statement), named | dict(values))
    session.expire_all()


async def former_plan(session: AsyncSession, tenant: str, plan_id: str, goal_id: str) -> AdoptedPlan | None:
    """The plan as it was when it last had this goal; None where it has it still, or never had it."""
    row = await session.get(AdoptedGoal, (tenant, plan_id, goal_id))
    if row is None or row.status is not GoalStatus.RETIRED or row.last_version is None:
        return None
    was = await session.get(PlanVersion, (tenant, plan_id, row.last_version))
    if was is None:
        return None
    return AdoptedPlan(tenant=tenant, plan=plan_id, version=was.version, year=was.year, definition=was.definition)


async def definitions(session: AsyncSession, tenant: str, plan_id: str, versions: Iterable[int]) -> dict[int, Any]:
    """By version, the plan as it was adopted then."""
    query = select(PlanVersion.version, PlanVersion.definition).where(
        PlanVersion.tenant == tenant, PlanVersion.plan == plan_id, col(PlanVersion.version).in_(sorted(set(versions)))
    )
    return dict((await session.exec(query)).all())


async def version(session: AsyncSession) -> int:
    return int((await (await session.connection()).execute(text("select version from registry"))).scalar_one())


async def change_version(session: AsyncSession) -> None:
    """Whoever counts must compile its goals anew before it counts on."""
    await (await session.connection()).execute(text("update registry set version = version + 1"))


async def announce_plans(session: AsyncSession) -> None:
    """Heard when this transaction commits."""
    await (await session.connection()).execute(text("select pg_notify(:channel, '')"), {"channel": PLANS_CHANGED})
