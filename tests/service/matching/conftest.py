"""The matching API on real PostgreSQL, and a centre of one's own in it."""

from collections.abc import AsyncIterator

import httpx2
import pytest
import pytest_asyncio
from fastapi import FastAPI

from services.matching.main import create_app
from shared.settings import Settings
from tests.service.matching.centre import Centre
from tests.support.databases import Databases
from tests.support.people import fresh_tenant, jwks


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def app(make_database: Databases) -> AsyncIterator[FastAPI]:
    url = await make_database.of("matching")
    app = create_app(Settings(database_url=url, jwks=jwks(), public_url="https://kompas.example/"))
    yield app
    await app.state.database.dispose()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def client(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://matching") as client:
        yield client


@pytest.fixture
def centre(app: FastAPI, client: httpx2.AsyncClient) -> Centre:
    return Centre(client, app.state.database, fresh_tenant())


@pytest.fixture
def neighbour(app: FastAPI, client: httpx2.AsyncClient) -> Centre:
    """Another centre in the same database."""
    return Centre(client, app.state.database, fresh_tenant())
