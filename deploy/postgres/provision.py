"""One role and one database for each service, made by an administrator; run again it changes nothing."""

from collections.abc import Mapping, Sequence
from typing import LiteralString

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy.engine import URL

# Two provisioners at once would trip over each other's `create role`.
LOCK = 7_302_412


async def provision(
    admin_url: str, services: Sequence[str], passwords: Mapping[str, str], suffix: str = ""
) -> dict[str, str]:
    """The address of each service's database `kompas_<service><suffix>`, which its role `kompas_<service>` owns."""
    async with await psycopg.AsyncConnection.connect(admin_url, autocommit=True) as connection:
        await connection.execute("select pg_advisory_lock(%s)", [LOCK])
        for service in services:
            await _ensure_role(connection, f"kompas_{service}", passwords[service])
            await _ensure_database(connection, f"kompas_{service}{suffix}", owner=f"kompas_{service}")
    return {service: address(admin_url, service, passwords[service], suffix) for service in services}


async def _ensure_role(connection: psycopg.AsyncConnection, role: str, password: str) -> None:
    name = sql.Identifier(role)
    if not await _exists(connection, "select from pg_roles where rolname = %s", role):
        await connection.execute(sql.SQL("create role {}").format(name))
    # Said each time: a role that was given more by hand loses it again. Row-level security must hold for it.
    await connection.execute(
        sql.SQL("alter role {} login nosuperuser nobypassrls nocreatedb nocreaterole password {}").format(
            name, sql.Literal(password)
        )
    )


async def _ensure_database(connection: psycopg.AsyncConnection, database: str, *, owner: str) -> None:
    name, role = sql.Identifier(database), sql.Identifier(owner)
    if not await _exists(connection, "select from pg_database where datname = %s", database):
        # An administrator who is no superuser may only give a database to a role of which they are a member.
        await connection.execute(sql.SQL("grant {} to current_user").format(role))
        await connection.execute(sql.SQL("create database {} owner {} encoding 'UTF8'").format(name, role))
    await connection.execute(sql.SQL("revoke all on database {} from public").format(name))


async def _exists(connection: psycopg.AsyncConnection, question: LiteralString, name: str) -> bool:
    return (await connection.execute(question, [name])).rowcount > 0


def address(admin_url: str, service: str, password: str, suffix: str = "") -> str:
    """Where a service finds its database, on the administrator's server."""
    server = conninfo_to_dict(admin_url)
    options = {key: str(server[key]) for key in ("sslmode", "sslrootcert") if server.get(key)}
    return URL.create(
        "postgresql+psycopg",
        username=f"kompas_{service}",
        password=password,
        host=str(server.get("host", "127.0.0.1")),
        port=int(server.get("port") or 5432),
        database=f"kompas_{service}{suffix}",
        query=options,
    ).render_as_string(hide_password=False)
