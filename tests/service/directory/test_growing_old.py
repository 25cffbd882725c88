"""A directory that has been in use before entries grew old: each is as old as its id says, and nobody is flooded."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, NullPool, text
from sqlalchemy.ext.asyncio import create_async_engine

from shared.database import Database
from shared.migrations import SERVICES_FOLDER, upgrade
from tests.support.databases import Databases, disposing


async def test_what_was_entered_before_is_as_old_as_its_id(make_database: Databases) -> None:
    url = await make_database.empty("directory")
    made_at = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    dated, undated = UUID(int=int(made_at.timestamp() * 1000) << 80 | 7 << 76 | 2 << 62), uuid4()
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(_to_0003)
        await connection.execute(text("select set_config('app.tenant', '*', true)"))
        for id in (dated, undated):
            await connection.execute(
                text(
                    "insert into organisations (tenant, id, version, name, kind, sector)"
                    " values ('odense', :id, 1, 'Klub', 'association', 'voluntary')"
                ),
                {"id": id},
            )

    await upgrade("directory", url)

    async with disposing(Database(url)) as database, database.transaction("odense") as session:
        rows = await (await session.connection()).execute(
            text(
                "select id, entered_on, freshness, assured_on, entered_on = freshness_since as today"
                " from directory_entries"
            )
        )
        found = {row.id: row for row in rows}

    assert str(found[dated].entered_on) == "2026-03-02"  # Half past midnight in Denmark.
    assert found[undated].today
    assert {(row.freshness, row.assured_on) for row in found.values()} == {("fresh", None)}
    assert set(found) == {dated, undated}


def _to_0003(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(SERVICES_FOLDER / "directory" / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "0003")
