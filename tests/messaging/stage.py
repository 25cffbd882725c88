"""What messaging tests play on: one topic, one kind of event, one consumer that writes down what it was told."""

import asyncio
import itertools
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.record.default_records import _DefaultRecordBatchPy as DefaultRecordBatch
from aiokafka.record.util import calc_crc32c_py
from faststream.kafka import KafkaBroker
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.clock import now
from shared.database import Database
from shared.events.envelope import Event, read, wrap
from shared.messaging.broker import make_broker
from shared.messaging.consume import Handler, Received, listen
from shared.messaging.dead_letters import DeadLetter, find
from shared.messaging.outbox import emit
from shared.messaging.relay import Relay
from shared.messaging.worker import Worker
from shared.metrics import Metrics
from shared.settings import Settings
from shared.tenancy import EVERY_TENANT

CONSUMER = "listener"
Run = Callable[[], Awaitable[object]]


class Noted(Event):
    """Somebody noted a number."""

    TYPE = "kompas.test.number.noted.v1"
    TOPIC = "set by the stage"
    SUBJECT = "the notebook"

    n: int


@asynccontextmanager
async def running(part: Run) -> AsyncIterator["asyncio.Task[object]"]:
    """`part` in a task, cancelled at the end as a supervisor would."""
    task = asyncio.ensure_future(part())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class Stage:
    def __init__(self, database: Database, settings: Settings, topic: str, producer: AIOKafkaProducer) -> None:
        self.database, self.settings, self.topic, self._producer = database, settings, topic, producer
        self.metrics = Metrics("test")
        self.noted: type[Noted] = type("Noted", (Noted,), {"TOPIC": topic, "__module__": __name__})
        self.calls: list[int] = []

    @classmethod
    @asynccontextmanager
    async def open(cls, database: Database, settings: Settings, topic: str) -> AsyncIterator["Stage"]:
        producer = AIOKafkaProducer(bootstrap_servers=settings.kafka_bootstrap_servers)
        await producer.start()
        try:
            yield cls(database, settings, topic, producer)
        finally:
            await producer.stop()

    # Publishing

    async def emit(self, n: int, *, subject: UUID | str = "notebook", tenant: str = "odense", **more: Any) -> UUID:
        async with self.database.transaction(tenant) as session:
            return await emit(session, self.noted(n=n), tenant=tenant, subject=subject, **more)

    def event(self, n: int, *, tenant: str = "odense", sequence: int = 1, id: UUID | None = None) -> bytes:
        """The bytes of an event, as our relay would put them on the topic."""
        envelope = wrap(self.noted(n=n), tenant=tenant, subject="notebook", sequence=sequence, time=now(), id=id)
        return envelope.to_bytes()

    async def put(
        self, value: bytes | None, *, key: bytes | None = b"notebook", headers: Sequence[Any] = (), partition: int = 0
    ) -> int:
        """A record as a stranger may write it; returns its offset."""
        sent = await self._producer.send_and_wait(
            self.topic, value, key=key, headers=list(headers), partition=partition
        )
        return int(sent.offset)

    async def put_unreadable(self, partition: int = 0) -> int:
        """A record with a header whose name is not UTF-8. No client of ours can write one, so the bytes are changed."""
        batch = self._producer.create_batch()
        batch.append(timestamp=None, key=b"notebook", value=b"{}", headers=[("??", b"")])
        builder = batch._builder
        buffer = bytearray(builder.build())
        at = bytes(buffer).rindex(b"??")
        buffer[at : at + 2] = b"\xff\xfe"
        checked = DefaultRecordBatch.ATTRIBUTES_OFFSET
        struct.pack_into(">I", buffer, DefaultRecordBatch.CRC_OFFSET, calc_crc32c_py(memoryview(buffer)[checked:]))
        batch._builder = SimpleNamespace(build=lambda: buffer, size=lambda: len(buffer))
        acknowledged = await self._producer.send_batch(batch, self.topic, partition=partition)
        return int((await acknowledged).offset)

    def relay(self, kafka: str | None = None, database: Database | None = None) -> Relay:
        return Relay(database or self.database, kafka or self.settings, self.metrics)

    # Consuming

    async def note(self, session: AsyncSession, received: Received) -> None:
        """The handler: one row a call, so that an event handled twice is seen twice."""
        self.calls.append(received.event.n)
        await (await session.connection()).execute(
            text("insert into effects (tenant, key, n) values (current_setting('app.tenant'), :key, :n)"),
            {"key": received.subject, "n": received.event.n},
        )

    def broker(self, handler: Handler | None = None, **more: Any) -> KafkaBroker:
        broker = make_broker(self.settings, "test")
        listen(
            broker,
            self.database,
            self.metrics,
            consumer=CONSUMER,
            topic=self.topic,
            handlers={self.noted: handler or self.note},
            **more,
        )
        return broker

    def worker(self, handler: Handler | None = None, *, relay: bool = False, **more: Any) -> Worker:
        return Worker(
            "test",
            database=self.database,
            metrics=self.metrics,
            relay=self.relay() if relay else None,
            broker=self.broker(handler, **more),
        )

    # Looking

    async def effects(self) -> list[int]:
        async with self.database.transaction(EVERY_TENANT) as session:
            return list(
                (await (await session.connection()).execute(text("select n from effects order by id"))).scalars()
            )

    async def has_effects(self, *expected: int) -> None:
        assert await self.effects() == list(expected)

    async def published(self) -> list[int]:
        return [read(record.value).data["n"] for record in await self.records()]

    async def has_published(self, *expected: int) -> None:
        assert await self.published() == list(expected)

    async def sql(self, statement: str, **parameters: Any) -> None:
        async with self.database.transaction(EVERY_TENANT) as session:
            await (await session.connection()).execute(text(statement), parameters)

    async def buried(self) -> list[DeadLetter]:
        return await find(self.database)

    async def unsent(self) -> int:
        async with self.database.transaction(EVERY_TENANT) as session:
            return int(await session.scalar(text("select count(*) from outbox where sent_at is null")) or 0)

    async def all_sent(self) -> None:
        assert await self.unsent() == 0

    async def records(self) -> list[ConsumerRecord]:
        """Everything on the topic, per partition in order."""
        client = AIOKafkaConsumer(bootstrap_servers=self.settings.kafka_bootstrap_servers, request_timeout_ms=5_000)
        await client.start()
        try:
            numbers = await self._producer.partitions_for(self.topic)
            partitions = [TopicPartition(self.topic, number) for number in numbers]
            client.assign(partitions)
            await client.seek_to_beginning(*partitions)
            found: list[ConsumerRecord] = []
            for partition, end in (await client.end_offsets(partitions)).items():
                while await client.position(partition) < end:
                    found += itertools.chain(*(await client.getmany(partition, timeout_ms=200)).values())
            return found
        finally:
            await client.stop()

    async def committed(self, partition: int = 0, group: str | None = None) -> int | None:
        """Where the group would go on after a restart."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.settings.kafka_bootstrap_servers)
        await admin.start()
        try:
            offsets = await admin.list_consumer_group_offsets(group or f"{CONSUMER}.{self.topic}")
        finally:
            await admin.close()
        found = offsets.get(TopicPartition(self.topic, partition))
        return found.offset if found else None

    def counted(self, outcome: str, type: str = "unknown") -> float:
        name = "kompas_consumed_total"
        labels = {"service": "test", "consumer": CONSUMER, "type": type, "outcome": outcome}
        return self.metrics.registry.get_sample_value(name, labels) or 0.0


def only_subscriber(broker: KafkaBroker | None) -> Any:
    """With its consumer and its tasks, which FastStream's type says nothing of."""
    assert broker
    [subscriber] = broker.subscribers
    return subscriber


async def new_topic(admin: AIOKafkaAdminClient, partitions: int, config: dict[str, str]) -> str:
    name = f"test-{uuid4().hex[:12]}"
    await admin.create_topics([NewTopic(name, partitions, 1, topic_configs=config)])
    return name
