"""What becomes of facts that were sent: kept, so that a lost Kafka can be rebuilt; page views not beyond their use."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from shared.auth import ANONYMOUS
from shared.clock import now
from shared.database import Database
from shared.events.web import PageViewed
from shared.messaging.tables import idempotency_keys, outbox
from shared.tenancy import EVERY_TENANT

# As long as the topic itself keeps them.
KEEP_PAGE_VIEWS = timedelta(days=400)
KEEP_CITIZENS_KEYS = timedelta(days=2)
PURGE_AT_ONCE = 5_000
DAY = 24 * 60 * 60


async def republish(database: Database, *, topics: Sequence[str] | None = None, since: datetime | None = None) -> int:
    """Let the relay send everything (of these topics, recorded since then) once more; returns how many facts.

    In one statement, so that the relay sees all of it or nothing and keeps its order. Consumers recognise what they
    have seen by the event's id. Contacts are not among it: their rows are gone once sent.
    """
    connection = await database.connection()
    try:
        await connection.execute("select set_config('app.tenant', %s, false)", (EVERY_TENANT,))
        parameters: dict[str, Any] = {"topics": list(topics) if topics is not None else None, "since": since}
        cursor = await connection.execute(
            "update outbox set sent_at = null where sent_at is not null"
            " and (%(topics)s::text[] is null or topic = any(%(topics)s))"
            " and (%(since)s::timestamptz is null or recorded_at >= %(since)s)",
            parameters,
        )
        await connection.execute("notify outbox")
        return cursor.rowcount
    finally:
        await connection.close()


async def purge_daily(database: Database) -> None:
    while True:
        await purge(database)
        await forget_citizens_keys(database)
        await asyncio.sleep(DAY)


async def forget_citizens_keys(database: Database) -> None:
    """A citizen's retry comes within minutes, and the answer kept for it holds the capability to a booking."""
    old = idempotency_keys.c.created_at < now() - KEEP_CITIZENS_KEYS
    async with database.transaction(EVERY_TENANT) as session:
        connection = await session.connection()
        await connection.execute(delete(idempotency_keys).where(idempotency_keys.c.caller == ANONYMOUS, old))


async def purge(database: Database) -> int:
    """Delete page views that everybody has had for longer than anybody counts them; returns how many."""
    purged = 0
    while True:
        async with database.transaction(EVERY_TENANT) as session:
            # In small steps: a long transaction would keep every dead row of the outbox alive.
            old = (
                select(outbox.c.id)
                .where(outbox.c.topic == PageViewed.TOPIC, outbox.c.sent_at < now() - KEEP_PAGE_VIEWS)
                .limit(PURGE_AT_ONCE)
            )
            gone = len(
                (
                    await (await session.connection()).execute(
                        delete(outbox).where(outbox.c.id.in_(old)).returning(outbox.c.id)
                    )
                ).all()
            )
        purged += gone
        if gone < PURGE_AT_ONCE:
            return purged
