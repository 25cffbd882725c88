"""A database that was in use before: everything in it goes on, and can be gone back to."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, NullPool, text
from sqlalchemy.ext.asyncio import create_async_engine

from services.directory.main import create_app
from shared.ids import uuid7
from shared.migrations import SERVICES_FOLDER, upgrade
from shared.settings import Settings
from tests.service.directory.centre import Centre
from tests.support.databases import Databases, disposing
from tests.support.people import jwks

ORGANISATION = """
    insert into organisations (tenant, id, version, name, kind, sector)
    values ('odense', :owner, 1, 'Café Klare', 'association', 'voluntary')
"""
ACTIVITY = """
    insert into activities (tenant, id, version, organisation_id, title, description, themes, target_groups, languages,
        state, published_on)
    values ('odense', :id, 3, :owner, 'Spis', '', '{}', '{}', '{}', 'published', '2023-02-01')
"""
CHANGE = """
    insert into changes (tenant, id, version, kind, entry_id, organisation_id, fields, state)
    values ('odense', :id, 2, 'organisation', :owner, :owner, cast(:fields as jsonb), 'submitted')
"""


async def test_what_stood_there_before_is_the_first_version(make_database: Databases) -> None:
    organisation, activity = uuid7(), uuid7()
    held = {"id": activity, "owner": organisation}

    async with upgraded(make_database, "0002", {ORGANISATION: held, ACTIVITY: held}) as centre:
        changed = await centre.patch(f"activities/{activity}", {"title": "Spis sammen"})
        back = await centre.post(f"activities/{activity}/restore", {"version": 3})
        named = await centre.patch(f"organisations/{organisation}", {"size": 40})

    assert (changed.json()["title"], changed.json()["version"]) == ("Spis sammen", 4)
    assert (back.json()["title"], back.json()["version"], back.json()["state"]) == ("Spis", 5, "published")
    assert named.json()["size"] == 40


async def test_what_was_sent_in_before_is_decided_as_before_and_nobody_is_written_to(make_database: Databases) -> None:
    organisation, change = uuid7(), uuid7()
    held = {"id": change, "owner": organisation, "fields": '{"size": 40}'}

    async with upgraded(make_database, "0008", {ORGANISATION: held, CHANGE: held}) as centre:
        approved = await centre.done(f"changes/{change}/approve")
        waiting = await centre.count("changes where untold_since is not null")

    assert (approved["preview"]["size"], waiting) == (40, 0)


@asynccontextmanager
async def upgraded(
    make_database: Databases, revision: str, rows: Mapping[str, Mapping[str, Any]]
) -> AsyncIterator[Centre]:
    """A centre whose rows were written when the database was at this revision, at the newest one now."""
    url = await make_database.empty("directory")
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(_to, revision)
        await connection.execute(text("select set_config('app.tenant', '*', true)"))
        for statement, values in rows.items():
            await connection.execute(text(statement), values)

    await upgrade("directory", url)

    app = create_app(Settings(database_url=url, jwks=jwks()))
    async with (
        disposing(app.state.database),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://directory") as client,
    ):
        yield Centre(client, app.state.database, "odense")


def _to(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(SERVICES_FOLDER / "directory" / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
