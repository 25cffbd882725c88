"""A partner municipality on real Kafka: what is wrong is buried with its reason, and what comes after it is shown."""

from collections.abc import AsyncIterator

import httpx2
import pytest_asyncio
from aiokafka import AIOKafkaProducer

from services.directory.main import create_app
from services.directory.worker import create_worker
from shared.events.partner import TOPIC
from shared.messaging.dead_letters import find
from shared.settings import Settings
from tests.messaging.stage import running
from tests.service.directory.centre import Centre
from tests.service.directory.neighbour import Neighbour
from tests.support.databases import Databases
from tests.support.people import fresh_tenant, jwks
from tests.support.waiting import eventually


@pytest_asyncio.fixture
async def directory(make_database: Databases, bootstrap_servers: str) -> Settings:
    url = await make_database.fresh("directory")
    return Settings(database_url=url, kafka_bootstrap_servers=bootstrap_servers, jwks=jwks())


@pytest_asyncio.fixture(loop_scope="session")
async def faxe(directory: Settings) -> AsyncIterator[Neighbour]:
    app = create_app(directory)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://directory") as client,
    ):
        faxe = Neighbour(Centre(client, app.state.database, fresh_tenant()))
        await faxe.agreed()
        yield faxe


async def test_a_partner_s_entries_come_change_and_go_past_whatever_is_wrong(
    faxe: Neighbour, directory: Settings
) -> None:
    async with AIOKafkaProducer(bootstrap_servers=directory.kafka_bootstrap_servers) as kafka:

        async def send(*values: bytes) -> None:
            for value in values:
                await kafka.send_and_wait(TOPIC, value, key=b"faxe")

        async def shown(*titles: str) -> None:
            assert [each["title"] for each in await faxe.shown()] == list(titles)

        async with running(create_worker(directory).run):
            stranger = Neighbour(faxe.centre, source="/ukendt/directory")
            await send(b"\x00", stranger.activity(), faxe.organisation(), faxe.activity(2))
            await eventually(lambda: shown("Spis med i Faxe"))
            await send(faxe.activity(3, title="Ny titel"), faxe.activity(1))
            await eventually(lambda: shown("Ny titel"))
            await send(faxe.withdraws(4))
            await eventually(shown)

    letters = await find(faxe.centre.database)
    assert [(letter.consumer, letter.kind, letter.reason) for letter in letters] == [
        ("directory", "undecodable", "not JSON"),
        ("directory", "rejected", "the source is no partner of this centre"),
    ]
