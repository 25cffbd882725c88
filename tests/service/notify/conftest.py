"""The notify API on real PostgreSQL, a centre of one's own in it, and a post office in a database of its own."""

from collections.abc import AsyncIterator

import httpx2
import pytest
import pytest_asyncio
from fastapi import FastAPI

from services.notify.main import create_app
from shared.database import Database
from shared.settings import Settings
from tests.service.notify.centre import Centre
from tests.service.notify.office import Office
from tests.support.databases import Databases
from tests.support.people import fresh_tenant, jwks


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def app(make_database: Databases) -> AsyncIterator[FastAPI]:
    app = create_app(Settings(database_url=await make_database.of("notify"), jwks=jwks()))
    yield app
    await app.state.database.dispose()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def client(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://notify") as client:
        yield client


@pytest.fixture
def centre(app: FastAPI, client: httpx2.AsyncClient) -> Centre:
    return Centre(client, app.state.database, fresh_tenant())


@pytest.fixture
def neighbour(app: FastAPI, client: httpx2.AsyncClient) -> Centre:
    """Another centre in the same database."""
    return Centre(client, app.state.database, fresh_tenant())


@pytest_asyncio.fixture
async def office(app: FastAPI, centre: Centre) -> Office:
    """A sender works for all tenants, so what other tests left is cleared away first."""
    database: Database = app.state.database
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("truncate deliveries, contacts, outbox, text_messages")
    return Office(database, centre.tenant)
