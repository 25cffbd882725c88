"""Slagelse's ways of counting in a real PostgreSQL: the same as in memory, and as the API answers them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace
from sqlmodel import select

from services.kpi.adoption import adopt
from services.kpi.counting.fact import Fact
from services.kpi.counting.reading import read
from services.kpi.goals.models import Evidence
from services.kpi.goals.repository import tallies
from services.kpi.ingest.usecases import fold
from services.kpi.repository import backfilling, change_version, set_live
from shared.database import Database
from shared.events.gatherings import GatheringHeld
from shared.tenancy import EVERY_TENANT
from tests.service.kpi.centre import Centre, noon
from tests.support.people import fresh_tenant
from tests.unit.kpi.cast import Memory
from tests.unit.kpi.test_any_order import WAYS, tellings
from tests.unit.kpi.ways import every_way, plan_of_ways, reading

AFTER_THE_YEAR = "2023-01-10T12:00:00+01:00"


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tellings(WAYS))
async def test_postgresql_keeps_what_a_plain_fold_of_the_distinct_facts_gives(
    database: Database, telling: tuple[list[Fact], list[list[Fact]]]
) -> None:
    plain, batches = telling
    tenant = fresh_tenant()
    wanted = Memory(every_way(tenant))
    for each in plain:
        wanted.hear([replace(each, tenant=tenant)])

    for batch in batches:
        async with database.transaction(EVERY_TENANT) as session:
            await fold(session, every_way(tenant), [replace(each, tenant=tenant) for each in batch])

    async with database.transaction(tenant) as session:
        numbers = {key.goal: some for key, some in (await tallies(session, tenant)).items()}
        receipts = (await session.exec(select(Evidence))).all()
    assert {goal.id: read(goal, numbers.get(goal.id, ())) for goal in plan_of_ways().goals} == {
        goal.id: reading(wanted, goal.id) for goal in plan_of_ways().goals
    }
    assert {(row.goal, row.part, row.dimension, row.event_id): row.amount for row in receipts} == {
        (key.tally.goal, key.tally.part, key.tally.dimension, key.event_id): receipt.amount
        for key, receipt in wanted.receipts.items()
    }


@pytest.fixture
async def every_way_of(centre: Centre, database: Database) -> Centre:
    async with database.transaction(centre.tenant) as session:
        await adopt(session, centre.tenant, plan_of_ways(), 2022)
        await set_live(session, [goal for goal in await backfilling(session) if goal.tenant == centre.tenant])
        await change_version(session)
    return centre


async def held(centre: Centre, days: Sequence[str], **data: Any) -> None:
    log = centre.log(f"booking.events.{uuid4().hex}")
    for day in days:
        starts: datetime = noon(day)
        told = {
            "kind": "dialogue_meeting",
            "organisers": [],
            "form": "physical",
            "starts_at": starts,
            "ends_at": starts + timedelta(hours=2),
            "participants": 9,
        }
        log.put(centre.told(GatheringHeld(**told | data), subject=uuid4(), on=day, sequence=2))
    await centre.ingest().take(log.records)


async def test_four_meetings_in_one_quarter_are_not_quarterly(every_way_of: Centre) -> None:
    await held(every_way_of, ["2022-01-10", "2022-02-10", "2022-03-10", "2022-03-31"])

    with time_machine.travel(AFTER_THE_YEAR, tick=False):
        goal = await every_way_of.goal("quarterly", "ways-2022")

    assert (goal["value"], goal["target"], goal["result"], goal["time"]) == (1, 4, "not_reached", "slightly_late")
    assert goal["per_dimension"]["2022-Q1"] == {"value": 4}
    assert goal["result_reason"] == "1 af 4 møder."


async def test_one_meeting_in_each_quarter_is(every_way_of: Centre) -> None:
    await held(every_way_of, ["2022-01-10", "2022-05-10", "2022-08-10", "2022-12-31"])

    with time_machine.travel(AFTER_THE_YEAR, tick=False):
        goal = await every_way_of.goal("quarterly", "ways-2022")

    assert (goal["value"], goal["result"], goal["time"], goal["forecast"]) == (
        4,
        "reached",
        "on_time",
        "Målet er nået.",
    )


async def test_a_trend_is_answered_with_both_its_numbers(every_way_of: Centre) -> None:
    await held(every_way_of, [*["2022-01-10"] * 7, *["2021-05-10"] * 6])

    with time_machine.travel(AFTER_THE_YEAR, tick=False):
        goal = await every_way_of.goal("more-meetings", "ways-2022")

    assert (goal["value"], goal["counted"], goal["compared_with"], goal["target"]) == (1, 7, 6, None)
    assert (goal["result"], goal["result_reason_en"]) == ("reached", "7 against 6 before.")


async def test_a_course_with_one_too_many_breaks_the_ceiling(every_way_of: Centre) -> None:
    await held(every_way_of, ["2022-01-10", "2022-02-10"], kind="course", participants=14)
    full = await every_way_of.goal("cap", "ways-2022")
    await held(every_way_of, ["2022-03-10"], kind="course", participants=15)
    over = await every_way_of.goal("cap", "ways-2022")

    assert [(goal["value"], goal["result"]) for goal in (full, over)] == [(14, "reached"), (15, "not_reached")]
