"""A step that staff declare goes through Kafka and moves its goal; taken back, it moves it down again."""

from collections.abc import AsyncIterator

import pytest_asyncio

from services.kpi.goals.usecases import goal_of
from services.kpi.milestones import repository
from services.kpi.milestones.schemas import NewMilestone
from services.kpi.milestones.usecases import reach, retract
from services.kpi.worker import create_worker
from shared.auth import Principal, Role
from shared.database import Database
from shared.settings import Settings
from tests.messaging.stage import running
from tests.service.kpi.steps import STEPS, go_by_steps
from tests.support.databases import Databases
from tests.support.people import fresh_tenant
from tests.support.waiting import eventually


@pytest_asyncio.fixture
async def settings(make_database: Databases, bootstrap_servers: str) -> Settings:
    return Settings(database_url=await make_database.fresh("kpi"), kafka_bootstrap_servers=bootstrap_servers)


@pytest_asyncio.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    database = Database(settings.database_url)
    yield database
    await database.dispose()


async def test_a_step_taken_moves_its_goal_and_taken_back_moves_it_down(settings: Settings, database: Database) -> None:
    tenant = fresh_tenant()
    staff = Principal(tenant, Role.STAFF, "åse")
    await go_by_steps(database, tenant)

    async def says(value: float) -> None:
        async def agrees() -> None:
            async with database.transaction(tenant) as session:
                assert (await goal_of(session, tenant, STEPS, "1.1")).value == value

        await eventually(agrees)

    async with running(create_worker(settings).run):
        await says(0)
        async with database.transaction(tenant) as session:
            new = NewMilestone.model_validate({"plan": STEPS, "goal": "1.1", "reached_on": "2023-06-14"})
            milestone = (await reach(session, tenant, new, staff)).id
        await says(1)

        async with database.transaction(tenant) as session:
            standing = await repository.get(session, tenant, milestone, lock=True)
            await retract(session, standing, "Det var et udkast", staff)
        await says(0)
