"""The KPI API on real PostgreSQL, and a centre of one's own in it."""

from collections.abc import AsyncIterator

import httpx2
import pytest
import pytest_asyncio
from fastapi import FastAPI

from services.kpi.main import create_app
from shared.database import Database
from shared.settings import Settings
from tests.service.kpi.centre import Centre
from tests.support.databases import Databases
from tests.support.people import fresh_tenant, jwks


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def app(make_database: Databases) -> AsyncIterator[FastAPI]:
    app = create_app(Settings(database_url=await make_database.of("kpi"), jwks=jwks()))
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
def database(app: FastAPI) -> Database:
    found: Database = app.state.database
    return found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def client(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://kpi") as client:
        yield client


@pytest_asyncio.fixture(loop_scope="session")
async def centre(client: httpx2.AsyncClient, database: Database) -> Centre:
    """It goes by the Odense plan of 2023 and of this year, and every goal is live."""
    centre = Centre(client, database, fresh_tenant())
    await centre.adopt()
    return centre
