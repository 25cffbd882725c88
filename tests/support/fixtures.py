"""Fixtures of real servers. Each starts when the first test asks for it; a run of unit tests starts none."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from deploy.local.errors import PlatformError
from deploy.local.home import Home
from deploy.local.kafka import Kafka
from deploy.local.ports import free_ports
from deploy.local.postgres import Postgres
from tests.support.databases import Databases
from tests.support.kafka import empty_topics, exclusively
from tests.support.platform import REUSE, reused, temporary_home

SERVICES = ("directory", "booking", "matching", "notify", "kpi")


@dataclass(frozen=True)
class Addresses:
    admin_url: str
    bootstrap_servers: str


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def home() -> AsyncIterator[Home]:
    async with temporary_home() as root:
        made = Home(root)
        made.prepare()
        yield made


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def admin_url(home: Home) -> AsyncIterator[str]:
    """An administrator's address of a PostgreSQL."""
    if description := reused():
        yield description["admin_url"]
        return
    # Hundreds of databases are made and thrown away; waiting for the disk would be most of the time.
    postgres = Postgres(home, free_ports(1)[0], survives_power_cuts=False)
    await _start(postgres)
    yield postgres.admin_url
    await postgres.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def bootstrap_servers(home: Home) -> AsyncIterator[str]:
    """A Kafka with all topics, every one empty."""
    async with AsyncExitStack() as stack:
        if description := reused():
            await stack.enter_async_context(exclusively(Path(os.environ[REUSE])))
            await empty_topics(description["kafka_bootstrap_servers"])
            yield description["kafka_bootstrap_servers"]
            return
        port, controller_port = free_ports(2)
        kafka = Kafka(home, port, controller_port)
        await _start(kafka)
        stack.push_async_callback(kafka.stop)
        await empty_topics(kafka.bootstrap_servers)
        yield kafka.bootstrap_servers


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def platform(admin_url: str, bootstrap_servers: str) -> Addresses:
    return Addresses(admin_url, bootstrap_servers)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def make_database(admin_url: str) -> AsyncIterator[Databases]:
    """`await make_database.of("booking")`, the run's migrated one; `.fresh("booking")`, one's own; `.empty()`, bare."""
    databases = Databases(admin_url)
    yield databases
    if reused():  # A server of our own ends with everything that is on it.
        await databases.drop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def fresh_database(make_database: Databases) -> str:
    """A database without tables."""
    return await make_database.empty()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def databases(make_database: Databases) -> dict[str, str]:
    """The migrated database of every service."""
    return {service: await make_database.of(service) for service in SERVICES}


async def _start(server: Postgres | Kafka) -> None:
    try:
        await server.start()
    except PlatformError as error:
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))
