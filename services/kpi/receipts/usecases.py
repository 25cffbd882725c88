"""What a number rests on, and whether the log confirms it."""

from collections.abc import Mapping
from typing import Any

from aiokafka import TopicPartition
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi import repository as adopted
from services.kpi.counting.keys import GoalKey
from services.kpi.counting.reading import Tally, read
from services.kpi.definition.plan import Goal, Plan
from services.kpi.definition.vocabulary import spoken, topics
from services.kpi.goals.repository import tallies
from services.kpi.ingest import offsets
from services.kpi.models import AdoptedGoal, GoalStatus
from services.kpi.receipts import repository, statements
from services.kpi.receipts.beside import Anew, CannotRecount, Past
from services.kpi.receipts.schemas import (
    FactDifference,
    PartDifference,
    RangeAnswer,
    Receipt,
    RecountAnswer,
    TallyAnswer,
)
from shared.errors import Conflict, NotFound, Problem, Text


class NotWhole(Conflict):
    slug = "history-not-whole"
    title = Text("Målets historie er ikke læst færdig", "The goal's history has not been read to its end")


class LogOutOfReach(Problem):
    status, slug = 503, "log-out-of-reach"
    title = Text("Loggen kan ikke læses lige nu", "The log cannot be read just now")


async def defined(session: AsyncSession, tenant: str, plan_id: str, goal_id: str) -> tuple[Plan, Goal, AdoptedGoal]:
    """A goal as it is asked now, or as it was when the plan last had it."""
    row = await adopted.existing_plan(session, tenant, plan_id)
    former = await adopted.former_plan(session, tenant, plan_id, goal_id)
    plan = Plan.model_validate((former or row).definition)
    state = await session.get(AdoptedGoal, (tenant, plan_id, goal_id))
    for goal in plan.goals:
        if goal.id == goal_id and state is not None:
            return plan, goal, state
    raise NotFound


async def receipt(session: AsyncSession, tenant: str, plan: Plan, goal: Goal, state: AdoptedGoal) -> Receipt:
    heard = topics(goal, spoken())
    read_to = {place: to for place, to in (await offsets.positions(session)).items() if place.topic in heard}
    return await _receipt(session, tenant, plan, goal, state, _ranges(read_to, state.read_from))


async def _receipt(
    session: AsyncSession,
    tenant: str,
    plan: Plan,
    goal: Goal,
    state: AdoptedGoal,
    ranges: list[RangeAnswer],
    anew: Anew | None = None,
) -> Receipt:
    found = await repository.counts(session, tenant, plan, goal)
    return Receipt(
        definition_version=state.since_version,
        partitions=ranges,
        counted=found.counted,
        superseded=found.superseded,
        late=found.late,
        retracted=found.retracted,
        ignored=anew and anew.read - found.facts - anew.duplicate,
        duplicate=anew and anew.duplicate,
    )


def _ranges(read_to: Mapping[TopicPartition, int], read_from: Mapping[str, Any]) -> list[RangeAnswer]:
    return [
        RangeAnswer(
            topic=place.topic,
            partition=place.partition,
            from_=read_from.get(place.topic, {}).get(str(place.partition), 0),
            to=read_to[place],
        )
        for place in sorted(read_to)
    ]


async def recount(session: AsyncSession, past: Past, tenant: str, plan_id: str, goal_id: str) -> RecountAnswer:
    """Count the goal from the log alone, and compare."""
    plan, goal, state = await defined(session, tenant, plan_id, goal_id)
    if state.status is not GoalStatus.LIVE:
        raise NotWhole
    try:
        async with past.counted(tenant, plan, [goal]) as anew:
            return await _compare(anew, plan, goal, state)
    except CannotRecount:
        raise LogOutOfReach from None


async def _compare(anew: Anew, plan: Plan, goal: Goal, state: AdoptedGoal) -> RecountAnswer:
    async with anew.session() as session:
        connection = await session.connection()
        await connection.execute(text(statements.SIZES))
        stood = [Tally(*row[1:]) for row in await connection.execute(text(statements.STOOD))]
        found = (await tallies(session, anew.tenant, plan.id)).get(GoalKey(anew.tenant, plan.id, goal.id), ())
        numbers = list(await connection.execute(text(statements.NUMBERS)))
        facts = list(await connection.execute(text(statements.FACTS)))
        ranges = _ranges(anew.read_to, anew.read_from)
        whole = await _receipt(session, anew.tenant, plan, goal, state, ranges, anew)
    return RecountAnswer(
        plan=plan.id,
        goal=goal.id,
        equal=not numbers and not facts,
        stored=read(goal, stood).value,
        recounted=read(goal, found).value,
        numbers=[
            PartDifference(
                part=row.part,
                dimension=row.dimension,
                stored=_tally(row.stored, row.stored_events),
                recounted=_tally(row.recounted, row.recounted_events),
            )
            for row in numbers
        ],
        facts=[FactDifference.model_validate(row) for row in facts],
        receipt=whole,
    )


def _tally(value: Any, events: Any) -> TallyAnswer | None:
    return None if value is None else TallyAnswer(value=value, events=events)
