"""Raw batches for a consumer that keeps its own offsets: its database, not Kafka, says where to go on."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from aiokafka import ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from faststream.kafka import KafkaBroker
from faststream.middlewares import AckPolicy

from shared.logging import fault, log
from shared.messaging.broker import SUBSCRIBER
from shared.messaging.patience import wait_before

OnBatch = Callable[[Sequence[ConsumerRecord]], Awaitable[None]]
StartOffsets = Callable[[set[TopicPartition]], Awaitable[Mapping[TopicPartition, int]]]

# Kafka's copy of the offsets is only for people who look at lag from outside; once a second is often enough for them.
TELL_KAFKA_EVERY = 1.0
# A lone event on a quiet topic waits for at most this long; a shorter time costs more than it saves.
BATCH_TIMEOUT_MS = 50
# Storing takes well under a second; beyond this the connection is dead, whatever it says of itself.
BATCH_TIMEOUT = 60.0
# Then the batch is fetched anew: Kafka takes partitions away from whoever does not ask for records for 300 s.
PATIENCE = 60.0


class Fenced(Exception):
    """Raised by `on_batch`: another process has taken over, or records are missing. Nothing was stored; look again
    where the database stands and go on from there."""


def listen_batches(
    broker: KafkaBroker,
    *topics: str,
    group: str,
    on_batch: OnBatch,
    start_offsets: StartOffsets,
    max_records: int = 5_000,
) -> Any:
    """Subscribe one group to several topics. `on_batch` gets undecoded records, each partition's in offset order.

    It must store effects and next offsets in one transaction. What it raises is waited out: the batch is offered
    again, for ever, and nothing is skipped; a record it cannot read is its own to bury. On assignment the partitions
    stand still until `start_offsets` has said where each goes on (a partition it leaves out starts at the earliest).
    """
    reader = _Reader(on_batch, start_offsets, group)
    subscriber = broker.subscriber(
        *topics,
        batch=True,
        group_id=group,
        listener=reader,
        max_records=max_records,
        batch_timeout_ms=BATCH_TIMEOUT_MS,
        ack_policy=AckPolicy.MANUAL,  # Automatic commits stay off; see `_tell_kafka`.
        max_partition_fetch_bytes=4 * 1024 * 1024,
        **SUBSCRIBER,
    )
    reader.subscriber = subscriber
    subscriber(reader.take)
    return subscriber


def by_partition(records: Sequence[ConsumerRecord]) -> dict[TopicPartition, list[ConsumerRecord]]:
    """Each partition's records, in order."""
    found: dict[TopicPartition, list[ConsumerRecord]] = {}
    topic = partition = None
    for record in records:
        # Kafka's client hands over one partition after the other: there are few changes among thousands.
        if record.partition != partition or record.topic != topic:
            topic, partition = record.topic, record.partition
            told = found.setdefault(TopicPartition(topic, partition), [])
        told.append(record)
    return found


class _Reader(ConsumerRebalanceListener):  # type: ignore[misc]
    """Keeps one consumer where the database stands, and offers each batch until it is taken."""

    subscriber: Any

    def __init__(self, on_batch: OnBatch, start_offsets: StartOffsets, group: str) -> None:
        self._on_batch, self._start_offsets, self._group = on_batch, start_offsets, group
        self._generation = 0
        self._positioning: set[asyncio.Task[None]] = set()
        self._taken: dict[TopicPartition, int] = {}
        self._telling: asyncio.Task[None] | None = None

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        self._generation += 1
        self._taken.clear()

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        self._generation += 1
        self._reposition(assigned)

    def _reposition(self, partitions: set[TopicPartition]) -> None:
        # Paused at once, before anything is awaited: not one record may come from where Kafka believes we were.
        # In a task of its own, because Kafka's client can neither stop nor rebalance while a listener waits.
        consumer = self.subscriber.consumer
        consumer.pause(*partitions)
        task = asyncio.create_task(self._position(consumer, partitions, self._generation))
        self._positioning.add(task)
        task.add_done_callback(self._positioning.discard)

    async def _position(self, consumer: Any, partitions: set[TopicPartition], generation: int) -> None:
        """Waits for the database as long as it takes; until then nothing is read."""
        attempt = 0
        while generation == self._generation and self.subscriber.consumer is consumer:
            try:
                offsets = await self._start_offsets(partitions)
                if generation == self._generation:
                    for partition in partitions:
                        if partition in offsets:
                            consumer.seek(partition, offsets[partition])
                        else:
                            await consumer.seek_to_beginning(partition)
                        consumer.resume(partition)
                return
            except Exception as error:
                attempt += 1
                log().warning("waiting for offsets", group=self._group, attempts=attempt, **fault(error))
                await asyncio.sleep(wait_before(attempt))

    async def take(self, records: tuple[ConsumerRecord, ...]) -> None:
        clock = asyncio.get_running_loop().time
        generation, deadline, attempt = self._generation, clock() + PATIENCE, 0
        while True:
            try:
                async with asyncio.timeout(BATCH_TIMEOUT):
                    await self._on_batch(records)
            except Exception as error:
                attempt += 1
                pause = wait_before(attempt)
                log().warning("batch not taken", group=self._group, attempts=attempt, **fault(error))
                if generation != self._generation or not self.subscriber.running:
                    return  # Whoever has the partitions next begins where the database stands.
                if isinstance(error, Fenced) or clock() + pause > deadline:
                    assigned = self.subscriber.consumer.assignment()
                    self._reposition(by_partition(records).keys() & assigned)
                    return
                await asyncio.sleep(pause)
            else:
                if generation == self._generation:
                    self._taken |= {place: told[-1].offset + 1 for place, told in by_partition(records).items()}
                    self._telling = self._telling or asyncio.create_task(self._tell_kafka())
                return

    async def _tell_kafka(self) -> None:
        await asyncio.sleep(TELL_KAFKA_EVERY)
        self._telling = None
        taken, self._taken = self._taken, {}
        try:
            if taken and self.subscriber.running:
                await self.subscriber.consumer.commit(taken)
        except Exception as error:  # Nothing depends on it.
            log().info("offsets not told", group=self._group, **fault(error))
