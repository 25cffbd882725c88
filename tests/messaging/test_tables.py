"""The tables in Python are the tables in PostgreSQL."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from shared.database import Database
from shared.messaging.tables import METADATA


def _differences(connection: Connection) -> list[object]:
    connection.execute(text("drop table effects"))
    options = {"compare_type": True, "compare_server_default": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), METADATA))


async def test_the_tables_are_what_the_migration_makes(database: Database) -> None:
    async with database.engine.begin() as connection:
        differences = await connection.run_sync(_differences)

    assert differences == []
