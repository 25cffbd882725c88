"""PostgreSQL through SQLAlchemy and psycopg 3: one engine a process, one transaction a request or message."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import psycopg
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

# A statement that runs longer than this is a fault, not a slow day: it would hold a connection that citizens wait for.
STATEMENT_TIMEOUT_MS = 15_000
# Made once: SQLAlchemy reads a text for its parameters when it is made, and every request has this one.
SEE_ONLY = text("select set_config('app.tenant', :tenant, true)")
# A server that vanished without a word (a pulled plug, a firewall) ends a connection after this long; libpq's own
# answer is to wait for a quarter of an hour.
NOTICE_SILENCE: dict[str, Any] = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}


class Database:
    """One service's database. `transaction` is the only door to it, and the only place that commits."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = url
        self.engine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=5,
            pool_pre_ping=True,
            connect_args={
                "options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c timezone=UTC",
                "connect_timeout": 5,
                **NOTICE_SILENCE,
            },
        )

    @asynccontextmanager
    async def transaction(self, tenant: str) -> AsyncIterator[AsyncSession]:
        """A session whose every statement sees the rows of `tenant` only (row-level security reads `app.tenant`).

        Commits when the block ends, rolls back when it raises. The setting is local to the transaction, so a
        connection that goes back to the pool carries nobody's tenant with it.
        """
        async with AsyncSession(self.engine, expire_on_commit=False) as session, session.begin():
            await (await session.connection()).execute(SEE_ONLY, {"tenant": tenant})
            yield session

    async def connection(self) -> psycopg.AsyncConnection[Any]:
        """A dedicated connection outside the pool, for what outlives a transaction: LISTEN and advisory locks."""
        conninfo = make_url(self.url).set(drivername="postgresql").render_as_string(hide_password=False)
        return await psycopg.AsyncConnection.connect(conninfo, autocommit=True, connect_timeout=5, **NOTICE_SILENCE)

    async def dispose(self) -> None:
        await self.engine.dispose()


def driver(session: AsyncSession) -> psycopg.AsyncConnection[Any]:
    """The psycopg connection under a session's open transaction: for statements in bulk, and for pipelines of them."""
    connection: Any = session.sync_session.connection().connection.driver_connection
    return cast(psycopg.AsyncConnection[Any], connection)
