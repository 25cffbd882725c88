"""A stage for messaging tests: a database with the kit's tables, topics of one's own, and a producer for strangers."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiokafka.client
import pytest
import pytest_asyncio
from aiokafka.admin import AIOKafkaAdminClient
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, make_url, text

from shared.database import Database
from shared.migrations import create_kit_tables
from shared.settings import Settings
from tests.messaging.proxy import Proxy, proxy
from tests.messaging.stage import Stage, new_topic
from tests.support.databases import Databases

EFFECTS = "create table effects (id bigint generated always as identity primary key, tenant text, key text, n int)"


def _kit(connection: Connection) -> None:
    with Operations.context(MigrationContext.configure(connection)):
        create_kit_tables()


@pytest_asyncio.fixture
async def database(make_database: Databases) -> AsyncIterator[Database]:
    """The kit's tables and one more, `effects`, in which handlers leave what they did."""
    database = Database(await make_database.empty())
    async with database.engine.begin() as connection:
        await connection.run_sync(_kit)
        await connection.execute(text(EFFECTS))
    yield database
    await database.dispose()


@pytest.fixture
def settings(database: Database, bootstrap_servers: str) -> Settings:
    return Settings(database_url=database.url, kafka_bootstrap_servers=bootstrap_servers)


@pytest_asyncio.fixture
async def make_topic(bootstrap_servers: str) -> AsyncIterator[Callable[..., Awaitable[str]]]:
    """`await make_topic(partitions=3)`; gone after the test."""
    made: list[str] = []
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()

    async def make(partitions: int = 1, **config: str) -> str:
        made.append(await new_topic(admin, partitions, {k.replace("_", "."): v for k, v in config.items()}))
        return made[-1]

    yield make
    if made:
        await admin.delete_topics(made)
    await admin.close()


@pytest_asyncio.fixture
async def stage(
    database: Database, settings: Settings, make_topic: Callable[..., Awaitable[str]]
) -> AsyncIterator[Stage]:
    async with Stage.open(database, settings, await make_topic()) as stage:
        yield stage


@pytest_asyncio.fixture
async def kafka_network(bootstrap_servers: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Proxy]:
    """From here on every new connection to Kafka passes a proxy, whatever address the broker advertises."""
    connect = aiokafka.client.create_conn
    async with proxy(bootstrap_servers) as network:

        async def through_the_proxy(host: str, port: int, **options: Any) -> Any:
            return await connect(host, network.port, **options)

        monkeypatch.setattr(aiokafka.client, "create_conn", through_the_proxy)
        yield network


@pytest_asyncio.fixture
async def database_network(database: Database) -> AsyncIterator[tuple[Proxy, Database]]:
    """A proxy in front of PostgreSQL, and the database as one sees it through the proxy."""
    url = make_url(database.url)
    async with proxy(f"{url.host}:{url.port}") as network:
        seen = Database(url.set(host="127.0.0.1", port=network.port).render_as_string(hide_password=False))
        yield network, seen
        await seen.dispose()
