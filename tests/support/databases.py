"""Databases for one test run: made on demand, brought to the newest schema, dropped at the end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from deploy.postgres.provision import provision
from shared.database import Database
from shared.migrations import upgrade

# Roles belong to the whole server, so runs that share one must agree on it.
PASSWORD = "test-only"


@asynccontextmanager
async def disposing(database: Database) -> AsyncIterator[Database]:
    """For a test's own pool: left open by a test that fails, it would make another test fail, too."""
    try:
        yield database
    finally:
        await database.dispose()


class Databases:
    """The databases of this run; no other run has their names."""

    def __init__(self, admin_url: str) -> None:
        self.admin_url = admin_url
        self._suffix = f"_{uuid4().hex[:8]}"
        self._count = 0
        self._urls: dict[str, str] = {}
        self._models: dict[str, str] = {}

    async def of(self, service: str) -> str:
        """The migrated database of a service, one for the whole run."""
        if service not in self._urls:
            self._urls[service] = await self.fresh(service)
        return self._urls[service]

    async def fresh(self, service: str) -> str:
        """Another migrated database of a service, which no other test sees: a copy of one that nobody ever uses."""
        if service not in self._models:
            await upgrade(service, url := await self.empty(service))
            self._models[service] = make_url(url).database or ""
        suffix = self._next()
        async with await psycopg.AsyncConnection.connect(self.admin_url, autocommit=True) as connection:
            await connection.execute(
                sql.SQL("create database {} template {} owner {}").format(
                    *map(sql.Identifier, (f"kompas_{service}{suffix}", self._models[service], f"kompas_{service}"))
                )
            )
        return await self._make(service, suffix)

    async def empty(self, service: str = "toy") -> str:
        """Another database without tables."""
        return await self._make(service, self._next())

    async def drop(self) -> None:
        async with await psycopg.AsyncConnection.connect(self.admin_url, autocommit=True) as connection:
            names = await (
                await connection.execute("select datname from pg_database where datname ~ %s", [self._suffix])
            ).fetchall()
            for (name,) in names:
                await connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))

    def _next(self) -> str:
        self._count += 1
        return f"{self._suffix}_{self._count}"

    async def _make(self, service: str, suffix: str) -> str:
        return (await provision(self.admin_url, [service], {service: PASSWORD}, suffix))[service]
