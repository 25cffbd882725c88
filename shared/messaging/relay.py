"""The outbox's way to Kafka: one relay per database publishes what is unsent, in order, and marks what arrived."""

import asyncio
from collections import Counter

import psycopg
from psycopg.rows import TupleRow
from sqlalchemy import func, select

from shared.clock import now
from shared.database import Database
from shared.events.contacts import ContactShared
from shared.logging import fault, log
from shared.messaging.history import purge_daily
from shared.messaging.patience import Rhythm, keep_running, wait_before
from shared.messaging.producer import Outcome, Producer, Record, TopicUnknown, producer
from shared.messaging.tables import outbox
from shared.metrics import Metrics
from shared.settings import Settings
from shared.tenancy import EVERY_TENANT

BATCH = 2_000
# NOTIFY is what makes it quick; looking at the table is what makes it true.
POLL = 1.0
# Who is woken looks at once, and then not again for so long: what is committed in quick succession goes together, and
# costs the producer, Kafka and every consumer one round instead of many.
GATHER = 0.02
# Any two relays of one service agree on this number; each service has a database of its own, so one is enough.
RELAY_LOCK = 7_302_412
# A topic that fails rests for a while, longer each time, so that it does not hold up the others.
LONGEST_REST = 30.0
FRUITLESS_ROUNDS = 3
SQL_TIMEOUT = 30.0
MEASURE_EVERY = 5.0
CONTENT_TYPE = ("content-type", b"application/cloudevents+json")
# Topics whose rows are deleted once sent: the outbox must not remember a person longer than the delivery takes.
FORGOTTEN_ONCE_SENT = [ContactShared.TOPIC]

# Mark what arrived and look for what is next: one answer to wait for in each round.
# By state and never by "id > last": a smaller id may commit after a larger one, and would be passed over for ever.
MARK_AND_LOOK = """
    with marked as (
        update outbox set sent_at = now() where id = any(%(arrived)s) and topic <> all(%(forgotten)s)
    ), forgotten as (
        delete from outbox where id = any(%(arrived)s) and topic = any(%(forgotten)s)
    )
    select id, topic, key, payload, event_id::text, type from outbox
    where sent_at is null and id <> all(%(arrived)s) and topic <> all(%(resting)s) order by id limit %(most)s
"""

Connection = psycopg.AsyncConnection[TupleRow]


class Relay:
    """At least once: a crash between publishing and marking repeats events and never loses one.

    The advisory lock is held by the very connection that marks, so a relay that lost its lock cannot mark: whatever it
    still publishes then is a repetition, which consumers recognise by the event's id.
    """

    def __init__(self, database: Database, kafka: Settings | str, metrics: Metrics) -> None:
        self.database, self.metrics = database, metrics
        self._kafka = kafka
        self._rests: dict[str, tuple[int, float]] = {}
        self._fruitless = 0
        self.leading = False

    async def run(self) -> None:
        """For ever; waits for PostgreSQL, for Kafka and for its turn."""
        service = self.metrics.service
        async with asyncio.TaskGroup() as group:
            group.create_task(keep_running("relay", self._turn, service=service))
            group.create_task(keep_running("outbox gauges", self._measure, service=service))
            group.create_task(keep_running("outbox purge", lambda: purge_daily(self.database), service=service))

    async def _turn(self) -> None:
        """From getting the lock to losing it, or the database, or Kafka."""
        async with producer(self._kafka, f"{self.metrics.service}-relay") as kafka:
            connection = await self.database.connection()
            try:
                await connection.execute("select set_config('app.tenant', %s, false)", (EVERY_TENANT,))
                # A mark that a crash of PostgreSQL undoes means a repetition, no more; so none waits for the disk.
                await connection.execute("set synchronous_commit = off")
                # Asked for again and again rather than waited for: a waiting statement holds a snapshot open, and
                # with it every dead row of a busy outbox.
                while not await _holds_lock(connection):  # noqa: ASYNC110 (another process holds it)
                    await asyncio.sleep(POLL)
                await connection.execute("listen outbox")
                self._rests, self._fruitless = {}, 0
                self.leading = True
                arrived: list[int] = []
                rhythm = Rhythm(GATHER)
                while True:
                    if records := await self._mark_and_look(connection, arrived):
                        arrived = await self._publish(kafka, records)
                    else:
                        arrived = []
                        async for _ in connection.notifies(timeout=POLL, stop_after=1):
                            pass
                        await rhythm.beat()
            finally:
                self.leading = False
                await connection.close()

    async def _mark_and_look(self, connection: Connection, arrived: list[int]) -> list[Record]:
        """The next batch, once what arrived of the last one is marked."""
        clock = asyncio.get_running_loop().time
        asked = {
            "arrived": arrived,
            "forgotten": FORGOTTEN_ONCE_SENT,
            "resting": [topic for topic, (_, until) in self._rests.items() if until > clock()],
            "most": BATCH,
        }
        async with asyncio.timeout(SQL_TIMEOUT):
            cursor = connection.cursor(binary=True)
            await cursor.execute(MARK_AND_LOOK, asked)
            return [_record(*row) for row in await cursor.fetchall()]

    async def _publish(self, kafka: Producer, records: list[Record]) -> list[int]:
        """What of them arrived."""
        clock = asyncio.get_running_loop().time
        outcome = await kafka.publish(records)
        self._count(records, outcome)
        for topic in {record.topic for record in records}:
            if error := outcome.failed.get(topic):
                failures = self._rests.get(topic, (0, 0.0))[0] + 1
                self._rests[topic] = (failures, clock() + wait_before(failures, LONGEST_REST))
                log().warning("not published", service=self.metrics.service, topic=topic, **fault(error))
            else:
                self._rests.pop(topic, None)
        self._judge(outcome)
        return outcome.acknowledged

    def _judge(self, outcome: Outcome) -> None:
        """Ask for another producer when this one has published nothing for a while (aiokafka#1017)."""
        suspect = [error for error in outcome.failed.values() if not isinstance(error, TopicUnknown)]
        if outcome.acknowledged or not suspect:
            self._fruitless = 0
            return
        self._fruitless += 1
        if self._fruitless >= FRUITLESS_ROUNDS:
            raise suspect[0]

    def _count(self, records: list[Record], outcome: Outcome) -> None:
        acknowledged = set(outcome.acknowledged)
        for topic, sent in Counter(record.topic for record in records if record.id in acknowledged).items():
            self.metrics.relay_sent.labels(self.metrics.service, topic).inc(sent)

    async def _measure(self) -> None:
        """The outbox's size and age, also while Kafka is away: that is when they matter."""
        unsent = select(func.count(), func.min(outbox.c.recorded_at)).where(outbox.c.sent_at.is_(None))
        while True:
            async with self.database.transaction(EVERY_TENANT) as session:
                pending, oldest = (await (await session.connection()).execute(unsent)).one()
            age = (now() - oldest).total_seconds() if oldest else 0.0
            self.metrics.outbox_pending.labels(self.metrics.service).set(pending)
            self.metrics.outbox_oldest_seconds.labels(self.metrics.service).set(max(0.0, age))
            await asyncio.sleep(MEASURE_EVERY)


async def _holds_lock(connection: Connection) -> bool:
    cursor = await connection.execute("select pg_try_advisory_lock(%s)", (RELAY_LOCK,))
    row = await cursor.fetchone()
    return bool(row and row[0])


def _record(row_id: int, topic: str, key: str, payload: bytes | None, event_id: str, event_type: str) -> Record:
    headers = [("ce_id", event_id.encode()), ("ce_type", event_type.encode())]
    if payload is not None:
        headers.insert(0, CONTENT_TYPE)
    return Record(row_id, topic, key.encode(), payload, headers)
