"""The directory's API on real PostgreSQL, and a centre of one's own in it."""

from collections.abc import AsyncIterator

import httpx2
import pytest
import pytest_asyncio
from fastapi import FastAPI

from services.directory.main import create_app
from services.directory.search import following
from shared.settings import Settings
from tests.service.directory.centre import Centre
from tests.support.databases import Databases
from tests.support.people import fresh_tenant, jwks
from tests.support.waiting import PATIENCE


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def app(make_database: Databases) -> AsyncIterator[FastAPI]:
    """Running, so that page views are written; an application's lifespan wants to begin and end in one task."""
    app = create_app(Settings(database_url=await make_database.of("directory"), jwks=jwks()))
    with pytest.MonkeyPatch.context() as patch:
        # However busy this machine is, what was written is found.
        patch.setattr(following, "PATIENCE", PATIENCE)
        async with app.router.lifespan_context(app):
            yield app


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def client(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://directory") as client:
        yield client


@pytest.fixture
def centre(app: FastAPI, client: httpx2.AsyncClient) -> Centre:
    return Centre(client, app.state.database, fresh_tenant())
