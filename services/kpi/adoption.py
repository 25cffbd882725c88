"""Adopting an action plan: from then on its goals are counted, from the first event ever published."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi import repository
from services.kpi.counting.keys import GoalKey
from services.kpi.counting.reading import Reading, Tally, read
from services.kpi.definition.parse import read_plan
from services.kpi.definition.plan import Plan
from services.kpi.definition.vocabulary import spoken
from services.kpi.goals.repository import tallies
from services.kpi.goals.standin import kept, stand_ins
from services.kpi.models import AdoptedGoal, AdoptedPlan, GoalChange, GoalStatus, PlanVersion
from services.kpi.versions.rules import Change, differences
from shared.clock import now, today
from shared.database import Database
from shared.events.kpi import PlanAdopted
from shared.messaging.outbox import emit

PLANS_FOLDER = Path(__file__).parent / "plans"


@dataclass(frozen=True, slots=True)
class Given:
    """What an adoption rests on: who, why, and the text as it was written."""

    by: str | None = None
    reason: str | None = None
    source: str | None = None


def bundled_plans() -> list[Plan]:
    """The plans that come with Kompas. Raises `PlanInvalid` with every mistake of the first file that has one."""
    return [read_plan(file, spoken()) for file in sorted(PLANS_FOLDER.glob("*.yaml"))]


async def adopt_bundled_plans(
    database: Database, tenants: Iterable[str] | None = None, years: Iterable[int] | None = None
) -> list[str]:
    """Adopt each plan for its own year and for the current one, or for these years, where its centre lives here.

    Answers the plans that were not adopted like this before; a second call changes nothing.
    """
    wanted = None if tenants is None else set(tenants)
    adopted = []
    for definition in bundled_plans():
        for tenant in (each for each in definition.tenants if wanted is None or each in wanted):
            for year in sorted(set(years) if years is not None else {definition.year, today().year}):
                async with database.transaction(tenant) as session:
                    if await _may_follow_the_file(session, tenant, definition.for_year(year)) and await adopt(
                        session, tenant, definition, year
                    ):
                        adopted.append(f"{tenant}/{definition.for_year(year).id}")
    return adopted


async def _may_follow_the_file(session: AsyncSession, tenant: str, plan: Plan) -> bool:
    """A plan that somebody at the centre has put in is theirs: no upgrade of Kompas takes it back."""
    row = await repository.plan(session, tenant, plan.id)
    newest = await session.get(PlanVersion, (tenant, plan.id, row.version)) if row else None
    return newest is None or newest.adopted_by is None


async def adopt(
    session: AsyncSession, tenant: str, definition: Plan, year: int, given: Given | None = None
) -> AdoptedPlan | None:
    """Adopt the plan for a year; None when the centre goes by exactly this plan already.

    Goals that are new, or count in another way than before, get their whole history: the worker reads it.
    """
    given = given or Given()
    await repository.adopt_alone(session)
    reason = given.reason or definition.reason
    # The reason belongs to the change, not to the plan.
    plan = definition.for_year(year).model_copy(update={"reason": None})
    stored = plan.model_dump(mode="json", by_alias=True)
    row = await repository.plan(session, tenant, plan.id)
    before = Plan.model_validate(row.definition) if row else None
    if before == plan:
        return None
    if row is None:
        row = AdoptedPlan(tenant=tenant, plan=plan.id, year=year, definition=stored)
        session.add(row)
    else:
        row.definition, row.version, row.adopted_at = stored, row.version + 1, now()
    await session.flush()
    session.add(PlanVersion(**row.model_dump(exclude={"id"}), source=given.source, reason=reason, adopted_by=given.by))
    await session.flush()
    changes = [change.because(reason) for change in differences(before, plan)]
    await _keep_changes(session, row, before, changes)
    await _arrange_goals(session, row, plan, {change.goal: change for change in changes})
    await repository.change_version(session)
    await repository.announce_plans(session)
    goals = [goal.id for goal in plan.goals]
    event = PlanAdopted(plan=plan.id, year=year, goals=goals)
    await emit(session, event, tenant=tenant, subject=row.id, sequence=row.version, time=row.adopted_at)
    return row


async def _keep_changes(
    session: AsyncSession, row: AdoptedPlan, before: Plan | None, changes: Sequence[Change]
) -> None:
    """What each goal had come to under its old definition stays readable when it is counted anew."""
    stands = await read_goals(session, row.tenant, before, changes)
    for position, change in enumerate(changes):
        had = stands.get(change.goal)
        session.add(
            GoalChange(
                tenant=row.tenant,
                plan=row.plan,
                version=row.version,
                position=position,
                goal=change.goal,
                kind=change.kind,
                redefined=change.redefined,
                fields=[{"field": each.field, "before": each.before, "after": each.after} for each in change.fields],
                reason=change.reason,
                value=had.value if had else None,
                as_of=had.as_of if had else None,
            )
        )


async def read_goals(
    session: AsyncSession, tenant: str, before: Plan | None, changes: Iterable[Change]
) -> Mapping[str, Reading]:
    """By goal, what the changed goals of the plan as it was have come to; one that is just being counted anew, by its
    last whole number.
    """
    if before is None:
        return {}
    numbers = await tallies(session, tenant, before.id)
    held = await stand_ins(session, tenant, [before])
    found = {}
    for change in changes:
        if change.before is not None:
            key = GoalKey(tenant, before.id, change.goal)
            found[change.goal] = read(*held.get(key, (change.before, numbers.get(key, ()))))
    return found


async def _arrange_goals(session: AsyncSession, row: AdoptedPlan, plan: Plan, changes: Mapping[str, Change]) -> None:
    known = {each.goal: each for each in await repository.goals(session, row.tenant, row.plan)}
    numbers = await tallies(session, row.tenant, row.plan) if known else {}
    for position, goal in enumerate(plan.goals):
        stands, change = known.get(goal.id), changes.get(goal.id)
        if stands is None:
            stands = AdoptedGoal(
                tenant=row.tenant, plan=row.plan, goal=goal.id, position=position, since_version=row.version
            )
            session.add(stands)
            continue
        stands.position = position
        if change is not None:
            if change.kind == "added":
                stands.before = None
            elif change.recounted:
                _hold(stands, numbers.get(GoalKey(row.tenant, row.plan, goal.id), ()))
            _change(stands, change, row)
    for goal_id, stands in known.items():
        if goal_id in changes and changes[goal_id].kind == "retired":
            stands.status, stands.last_version = GoalStatus.RETIRED, row.version - 1
            stands.change_reason, stands.changed_at = changes[goal_id].reason, row.adopted_at


async def count_anew(session: AsyncSession, tenant: str, plan: str, goals: Collection[str]) -> None:
    """Read the history of these goals once more, because their facts are to be read in another way."""
    numbers = await tallies(session, tenant, plan) if goals else {}
    for stands in await repository.goals(session, tenant, plan):
        if stands.goal in goals and stands.status is not GoalStatus.RETIRED:
            _hold(stands, numbers.get(GoalKey(tenant, plan, stands.goal), ()))
            _read_again(stands)


def _hold(stands: AdoptedGoal, numbers: Iterable[Tally]) -> None:
    """Until the new history is whole, the goal is shown as it was when its numbers last were."""
    if stands.status is GoalStatus.LIVE:
        stands.before = {"version": stands.since_version, "tallies": [kept(tally) for tally in numbers]}


def _read_again(stands: AdoptedGoal) -> None:
    stands.status, stands.history_read, stands.history_of = GoalStatus.BACKFILLING, 0, 0


def _change(stands: AdoptedGoal, change: Change, row: AdoptedPlan) -> None:
    if change.recounted:
        _read_again(stands)
    if change.redefined or change.kind == "added":
        stands.since_version, stands.last_version = row.version, None
        # One that was away and came back is counted from the beginning: it is new, not changed.
        stands.changed_at = row.adopted_at if change.redefined else None
        stands.change_reason = change.reason
