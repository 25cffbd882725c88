"""PostgreSQL through SQLAlchemy and psycopg 3: one engine a process, one transaction a request or message."""

import asyncio
import select
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, LiteralString, cast

import psycopg
from psycopg import sql
from psycopg.rows import namedtuple_row
from sqlalchemy import Connection, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import SessionTransaction
from sqlalchemy.util import await_only
from sqlmodel import Session
from sqlmodel.ext.asyncio.session import AsyncSession

# A statement that runs longer than this is a fault, not a slow day: it would hold a connection that citizens wait for.
STATEMENT_TIMEOUT_MS = 15_000
# Whoever has waited so long for a connection is told that there is a crowd.
POOL_TIMEOUT = 5.0
BEGIN = sql.SQL("begin")
# One message, and so one answer to wait for. The setting is local to the transaction: a connection that goes back to
# the pool carries nobody's tenant with it.
BEGIN_SEEING_ONLY = sql.SQL("begin; select set_config('app.tenant', {}, true)")
# A server that vanished without a word (a pulled plug, a firewall) ends a connection after this long; libpq's own
# answer is to wait for a quarter of an hour.
NOTICE_SILENCE: dict[str, Any] = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
# Where a connection keeps what its transaction must begin with, until there is a first statement to send it with.
OPENING = "opening"
# Where a session keeps the connection of its transaction: it never has another.
CONNECTION = "connection"


class Database:
    """One service's database. `transaction` is the only door to it, and the only place that commits."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = url
        self.engine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=POOL_TIMEOUT,
            connect_args={
                "options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c timezone=UTC",
                "connect_timeout": 5,
                "autocommit": True,  # psycopg would begin with a message of its own: `_open` does it with the tenant.
                **NOTICE_SILENCE,
            },
        )
        for name, listener in (("begin", _begin), ("before_cursor_execute", _open), ("checkout", _check_alive)):
            event.listen(self.engine.sync_engine, name, listener)

    @asynccontextmanager
    async def transaction(self, tenant: str) -> AsyncIterator[AsyncSession]:
        """A session whose every statement sees the rows of `tenant` only (row-level security reads `app.tenant`).

        Begins with the first statement, if there is one. Commits when the block ends, rolls back when it raises.
        """
        session = AsyncSession(
            self.engine, sync_session_class=_Session, expire_on_commit=False, info={"tenant": tenant}
        )
        try:
            yield session
            if session.in_transaction():
                await session.commit()
        finally:
            if session.in_transaction():
                # Whoever is cancelled gives the connection back all the same.
                await asyncio.shield(asyncio.ensure_future(session.close()))

    async def connection(self) -> psycopg.AsyncConnection[Any]:
        """A dedicated connection outside the pool, for what outlives a transaction: LISTEN and advisory locks."""
        conninfo = make_url(self.url).set(drivername="postgresql").render_as_string(hide_password=False)
        return await psycopg.AsyncConnection.connect(conninfo, autocommit=True, connect_timeout=5, **NOTICE_SILENCE)

    async def dispose(self) -> None:
        await self.engine.dispose()


async def driver(session: AsyncSession) -> psycopg.AsyncConnection[Any]:
    """The psycopg connection under a session's transaction, begun: for statements in bulk and pipelines of them."""
    # Asked of the session once a transaction: that alone takes it as long as the driver takes for a statement.
    connection: Connection | None = session.info.get(CONNECTION) if session.in_transaction() else None
    if connection is None:
        connection = await (await session.connection()).run_sync(lambda bare: bare)
    found = _driver(connection)
    if opening := connection.info.pop(OPENING, None):
        await found.execute(opening)
    return found


async def ask(session: AsyncSession, statement: LiteralString, values: Mapping[str, Any]) -> list[Any]:
    """The rows of a statement that goes to PostgreSQL past SQLAlchemy, in the session's own transaction.

    For the few ways that are walked most: SQLAlchemy takes several times as long. What the session has not flushed is
    not seen.
    """
    try:
        cursor = (await driver(session)).cursor(row_factory=namedtuple_row)
        await cursor.execute(statement, values)
        return await cursor.fetchall() if cursor.description is not None else []
    except psycopg.Error as error:
        raise DBAPIError.instance(None, None, error, psycopg.Error) from error


class _Session(Session):
    """Knows whose rows it sees."""


@event.listens_for(_Session, "after_begin")
def _see_only(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    if not transaction.nested:
        connection.info[OPENING] = BEGIN_SEEING_ONLY.format(session.info["tenant"])
        session.info[CONNECTION] = connection


def _begin(connection: Connection) -> None:
    connection.info[OPENING] = BEGIN


def _open(connection: Connection, *_: Any) -> None:
    """Begin just before the first statement."""
    if opening := connection.info.pop(OPENING, None):
        await_only(_driver(connection).execute(opening))


def _driver(connection: Connection) -> psycopg.AsyncConnection[Any]:
    return cast("psycopg.AsyncConnection[Any]", connection.connection.driver_connection)


def _check_alive(dbapi_connection: Any, *_: Any) -> None:
    """Replace a connection that the server has closed. An idle one has nothing to say unless it ends, and that the
    operating system knows: to ask the server would be one more answer to wait for in every request."""
    waiting = select.poll()
    waiting.register(dbapi_connection.driver_connection.pgconn.socket, select.POLLIN)
    if waiting.poll(0):
        raise DisconnectionError
