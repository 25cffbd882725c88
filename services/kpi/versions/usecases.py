"""Changing a plan: seen before it is adopted, adopted as a version, and each version kept."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi import repository as adopted
from services.kpi.adoption import Given, adopt, read_goals
from services.kpi.counting.keys import GoalKey
from services.kpi.counting.reading import Reading, read
from services.kpi.definition.people import about_people
from services.kpi.definition.plan import Plan
from services.kpi.goals.repository import tallies
from services.kpi.models import AdoptedPlan, PlanVersion
from services.kpi.receipts.beside import CannotRecount, Past
from services.kpi.versions import repository
from services.kpi.versions.rules import Change, differences
from services.kpi.versions.schemas import DifferenceAnswer, FieldChangeAnswer, ForeseenChange
from shared.errors import Invalid

WouldBe = Mapping[str, Decimal | None]


async def foresee(session: AsyncSession, past: Past, tenant: str, plan: Plan, reason: str | None) -> DifferenceAnswer:
    """What adopting the plan would change, and what each value would become. Nothing is adopted."""
    row, changes, stands = await _compared(session, tenant, plan, reason)
    would_be: WouldBe | None
    try:
        would_be = await _would_be(past, tenant, plan, changes, stands)
    except CannotRecount:
        would_be = None
    return _answer(plan, row, changes, stands, would_be, adopted=False)


async def put(session: AsyncSession, tenant: str, plan: Plan, given: Given) -> DifferenceAnswer:
    """Go by this plan from now on."""
    await adopted.adopt_alone(session)
    row, changes, stands = await _compared(session, tenant, plan, given.reason or plan.reason)
    if _without_reason(changes):
        raise Invalid.field(
            "reason",
            "skal udfyldes, når mål ændres eller udgår",
            "is required when goals are changed or retired",
        )
    fresh = await adopt(session, tenant, plan, plan.year, given)
    return _answer(plan, fresh or row, changes, stands, {}, adopted=fresh is not None)


async def counting_people(session: AsyncSession, row: PlanVersion) -> set[str]:
    """The goals that count people in this version, or did in the one before."""
    before = await repository.before(session, row)
    definitions = [each.definition for each in (row, before) if each is not None]
    goals = (goal for each in definitions for goal in Plan.model_validate(each).goals)
    return {goal.id for goal in goals if about_people(goal)}


async def _compared(
    session: AsyncSession, tenant: str, plan: Plan, reason: str | None
) -> tuple[AdoptedPlan | None, list[Change], Mapping[str, Reading]]:
    row = await adopted.plan(session, tenant, plan.id)
    before = Plan.model_validate(row.definition) if row else None
    changes = [change.because(reason) for change in differences(before, plan)]
    return row, changes, await read_goals(session, tenant, before, changes)


async def _would_be(
    past: Past, tenant: str, plan: Plan, changes: Sequence[Change], stands: Mapping[str, Reading]
) -> WouldBe:
    """Only what counts differently is read from the log; other words do not change a number."""
    told_anew = [change.goal for change in changes if change.kind == "changed" and not change.recounted]
    found = {goal: stands[goal].value for goal in told_anew}
    wanted = [change.after for change in changes if change.recounted and change.after is not None]
    if wanted:
        async with past.counted(tenant, plan, wanted) as anew, anew.session() as session:
            numbers = await tallies(session, tenant, plan.id)
        found |= {goal.id: read(goal, numbers.get(GoalKey(tenant, plan.id, goal.id), ())).value for goal in wanted}
    return found


def _without_reason(changes: Sequence[Change]) -> bool:
    return any(change.wants_reason and not change.reason for change in changes)


def _answer(
    plan: Plan,
    row: AdoptedPlan | None,
    changes: Sequence[Change],
    stands: Mapping[str, Reading],
    would_be: WouldBe | None,
    *,
    adopted: bool,
) -> DifferenceAnswer:
    kept = {change.goal for change in changes if change.after is not None}
    return DifferenceAnswer(
        plan=plan.id,
        version=row.version if row else None,
        adopted=adopted,
        wants_reason=_without_reason(changes),
        values_known=would_be is not None and not adopted,
        unchanged=len(plan.goals) - len(kept),
        changes=[
            ForeseenChange(
                goal=change.goal,
                kind=change.kind,
                redefined=change.redefined,
                fields=[FieldChangeAnswer.model_validate(each) for each in change.fields],
                reason=change.reason,
                value=stands[change.goal].value if change.goal in stands else None,
                recounted=change.recounted,
                would_be=(would_be or {}).get(change.goal),
            )
            for change in changes
        ],
    )
