"""Where each partition goes on, kept beside what was counted: the two change together or not at all."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from aiokafka import TopicPartition
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.ingest.repository import answer, ask, send
from shared.database import driver

PARTITION = {"topic": "text", "partition": "int"}

# Any two workers agree on this number, which is none of the kit's (7_302_41x). Batches hold it together; whoever makes
# a new goal live holds it alone, for as long as it takes to read the few records that live counting read meanwhile.
COUNTING_LOCK = 7_302_421
# A batch does not wait for the disk. A crash of PostgreSQL may take the last half second back: counts, receipts and
# offsets together, as if they had never been, and they are read from the log again. Whoever stores something that rests
# on a number waits for the disk, and with it for every batch before.
SHARE = "select pg_advisory_xact_lock_shared(%s), set_config('synchronous_commit', 'off', true)"
HOLD = """
select o.topic, o.partition, o.next from offsets o join {rows} using (topic, partition)
order by o.topic, o.partition for update of o
"""
BEGIN = "insert into offsets (topic, partition, next) select topic, partition, 0 from {rows} on conflict do nothing"


async def stop_counting(session: AsyncSession) -> None:
    """Until this transaction ends, nobody else's batch commits; those that had begun have committed now."""
    await (await session.connection()).execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": COUNTING_LOCK})


async def positions(session: AsyncSession) -> dict[TopicPartition, int]:
    rows = await (await session.connection()).execute(text("select topic, partition, next from offsets"))
    return {TopicPartition(row.topic, row.partition): row.next for row in rows}


class Held(NamedTuple):
    stands: dict[TopicPartition, int]
    """Where each partition goes on."""
    version: int
    """Of the goals that are counted."""


async def hold(session: AsyncSession, partitions: Collection[TopicPartition]) -> Held:
    """Until this transaction ends nobody else counts these: a worker that believes it still has a partition waits here,
    and then sees. Nor does a goal become live meanwhile."""
    ordered, connection = sorted((each.topic, each.partition) for each in partitions), await driver(session)
    # Each statement sees what was committed when the one before it had its lock.
    async with connection.pipeline():
        await connection.execute(SHARE, [COUNTING_LOCK])
        rows = await send(session, HOLD, PARTITION, ordered)
        version = await connection.execute("select version from registry")
        [(goals,)], found = await version.fetchall(), await answer(rows)
    if len(found) < len(ordered):
        await send(session, BEGIN, PARTITION, ordered)
        found = await ask(session, HOLD, PARTITION, ordered)
    return Held({TopicPartition(topic, partition): offset for topic, partition, offset in found}, goals)


async def advance(session: AsyncSession, to: Mapping[TopicPartition, int]) -> None:
    statement = "update offsets o set next = r.next from {rows} where (o.topic, o.partition) = (r.topic, r.partition)"
    rows = ((each.topic, each.partition, offset) for each, offset in to.items())
    await send(session, statement, PARTITION | {"next": "bigint"}, rows)


async def rewind(session: AsyncSession) -> None:
    """Read everything again from the beginning, after Kafka was lost and rebuilt. Nothing is counted twice by it."""
    await (await session.connection()).execute(text("update offsets set next = 0"))


async def cover(session: AsyncSession, since: Mapping[tuple[str, str], datetime]) -> None:
    """The earliest fact of each tenant on each topic: how far back a number honestly reaches."""
    statement = (
        "insert into coverage as c (tenant, topic, since) select * from {rows}"
        " on conflict (tenant, topic) do update set since = least(c.since, excluded.since)"
    )
    rows = ((*key, moment) for key, moment in sorted(since.items()))
    await send(session, statement, {"tenant": "text", "topic": "text", "since": "timestamptz"}, rows)
