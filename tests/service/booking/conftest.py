"""The booking API on real PostgreSQL, and a centre of one's own in it."""

from collections.abc import AsyncIterator

import httpx2
import pytest
import pytest_asyncio
from cryptography.fernet import Fernet
from fastapi import FastAPI

from services.booking.main import create_app
from services.booking.settings import BookingSettings
from tests.service.booking.centre import Centre
from tests.support.databases import Databases
from tests.support.people import fresh_tenant, jwks


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def app(make_database: Databases) -> AsyncIterator[FastAPI]:
    settings = BookingSettings(
        database_url=await make_database.of("booking"),
        jwks=jwks(),
        public_url="https://kompas.example",
        message_keys=Fernet.generate_key().decode(),
    )
    app = create_app(settings)
    yield app
    await app.state.database.dispose()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def client(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://booking") as client:
        yield client


@pytest.fixture
def centre(app: FastAPI, client: httpx2.AsyncClient) -> Centre:
    return Centre(client, app.state.database, fresh_tenant())
