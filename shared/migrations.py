"""Schema changes: Alembic's, run under an advisory lock, with what every service's first migration shares."""

from pathlib import Path
from typing import Any

from alembic import command, op
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

# Any two processes of one service agree on this number; each service has a database of its own, so one is enough.
MIGRATION_LOCK = 7_302_411
SERVICES_FOLDER = Path(__file__).resolve().parent.parent / "services"

KIT_TABLES = """
create table outbox (
    id bigint generated always as identity primary key,
    event_id uuid not null unique,
    tenant text not null,
    topic text not null,
    key text not null,
    type text not null,
    payload bytea,
    recorded_at timestamptz not null default now(),
    sent_at timestamptz
);
create index outbox_unsent on outbox (id) where sent_at is null;
create function outbox_wake() returns trigger language plpgsql as $$
begin
    perform pg_notify('outbox', '');
    return null;
end $$;
create trigger outbox_wake after insert on outbox for each statement execute function outbox_wake();
create table inbox (
    consumer text not null,
    event_id uuid not null,
    seen_at timestamptz not null default now(),
    primary key (consumer, event_id)
);
create table dead_letters (
    id bigint generated always as identity primary key,
    consumer text not null,
    topic text not null,
    partition int not null,
    "offset" bigint not null,
    key text,
    event_id text,
    type text,
    tenant text,
    class text not null,
    reason text not null,
    attempts int not null default 1,
    payload bytea,
    headers jsonb not null default '[]',
    first_seen timestamptz not null default now(),
    last_seen timestamptz not null default now(),
    unique (consumer, topic, partition, "offset")
);
create table idempotency_keys (
    tenant text not null,
    caller text not null,
    key text not null,
    fingerprint text not null,
    status int,
    headers jsonb,
    body bytea,
    created_at timestamptz not null default now(),
    primary key (tenant, caller, key)
);
create index idempotency_keys_age on idempotency_keys (created_at);
"""


def create_kit_tables() -> None:
    """Outbox, inbox, dead letters and idempotency keys; the first statement of each service's first migration."""
    op.execute(KIT_TABLES)
    secure("outbox", "idempotency_keys")


def secure(*tables: str) -> None:
    """Show each transaction the rows of its own tenant only, the table's owner included (hence FORCE)."""
    for table in tables:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(
            f"create policy tenant_sees_its_own on {table} using "
            "(current_setting('app.tenant', true) in (tenant, '*')) "
            "with check (current_setting('app.tenant', true) in (tenant, '*'))"
        )


async def upgrade(service: str, url: str) -> None:
    """Bring the database at `url` to the newest schema of `service`. Safe to call from any number of processes."""
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_upgrade, service)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, service: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(SERVICES_FOLDER / service / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    with connection.begin():
        # Held until the commit: whoever comes second waits here and then finds nothing left to do.
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
        connection.execute(text("set local lock_timeout = '10s'"))
        command.upgrade(config, "head")


def run(context: Any) -> None:
    """The whole of each service's `migrations/env.py`: use the connection, and so the transaction, of `upgrade`."""
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, transactional_ddl=True)
    context.run_migrations()
