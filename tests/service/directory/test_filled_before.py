"""A directory that was in use before there were feeds: what it shows is in them from the first day."""

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
from tests.service.directory.harvester import Harvester
from tests.support.databases import Databases, disposing
from tests.support.people import jwks

ENTRIES = """
insert into organisations (tenant, id, version, name, kind, sector) values ('odense', :cafe, 1, 'Café', 'association',
    'voluntary');
insert into activities (tenant, id, version, organisation_id, title, description, themes, target_groups, languages,
    state) values ('odense', :shown, 1, :cafe, 'Vises', '', '{}', '{}', '{}', 'published'),
    ('odense', :draft, 1, :cafe, 'Kladde', '', '{}', '{}', '{}', 'draft')
"""


async def test_what_was_published_before_is_in_the_feeds(make_database: Databases) -> None:
    url = await make_database.empty("directory")
    ids = {"cafe": uuid7(), "shown": uuid7(), "draft": uuid7()}
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(_to_0001)
        await connection.execute(text("select set_config('app.tenant', '*', true)"))
        for statement in ENTRIES.split(";"):
            await connection.execute(text(statement), {k: v for k, v in ids.items() if f":{k}" in statement})

    await upgrade("directory", url)

    app = create_app(Settings(database_url=url, jwks=jwks()))
    async with (
        disposing(app.state.database),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://directory") as client,
    ):
        centre = Centre(client, app.state.database, "odense")
        organisations, activities = Harvester(centre, "organisations"), Harvester(centre, "activities")
        await organisations.catch_up()
        await activities.catch_up()

    assert [one["name"] for one in organisations.copy.values()] == ["Café"]
    assert list(activities.copy) == [str(ids["shown"])]


def _to_0001(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(SERVICES_FOLDER / "directory" / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "0001")
