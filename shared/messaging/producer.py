"""The only producer: sends outbox rows so that, per key, nothing overtakes what was not acknowledged before it."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaConnectionError, KafkaError
from aiokafka.partitioner import DefaultPartitioner

from shared.messaging.kafka import reach
from shared.settings import Settings

# A topic that Kafka does not know, and a publish that nobody acknowledges. Both mean "unknown": the row stays unsent.
METADATA_TIMEOUT = 1.0
PUBLISH_TIMEOUT = 10.0
# Room for one outbox row of the largest size beside smaller ones, and half of what Kafka takes (1 MiB).
BATCH_BYTES = 512 * 1024

Headers = list[tuple[str, bytes]]


class TopicUnknown(Exception):
    """Kafka has not said where this topic lives. Topics are declared in one place; nothing creates them on the fly."""


class Record(NamedTuple):
    id: int
    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers


@dataclass
class Outcome:
    """What Kafka said: the ids it acknowledged, and the topics where something was not."""

    acknowledged: list[int] = field(default_factory=list)
    failed: dict[str, Exception] = field(default_factory=dict)


class Producer:
    def __init__(self, client: AIOKafkaProducer) -> None:
        self._client = client
        self._partition_of = DefaultPartitioner()

    async def publish(self, records: Iterable[Record]) -> Outcome:
        """Send all, in the given order per partition; a failure stops its own partition and no other."""
        outcome = Outcome()
        by_topic: defaultdict[str, list[Record]] = defaultdict(list)
        for record in records:
            by_topic[record.topic].append(record)
        await asyncio.gather(*(self._topic(topic, waiting, outcome) for topic, waiting in by_topic.items()))
        return outcome

    async def _topic(self, topic: str, records: list[Record], outcome: Outcome) -> None:
        try:
            async with asyncio.timeout(METADATA_TIMEOUT):
                partitions = sorted(await self._client.partitions_for(topic))
        except (KafkaError, TimeoutError):
            outcome.failed[topic] = TopicUnknown()
            return
        lanes: defaultdict[int, list[Record]] = defaultdict(list)
        for record in records:
            lanes[self._partition_of(record.key, partitions, partitions)].append(record)
        await asyncio.gather(*(self._lane(topic, partition, lane, outcome) for partition, lane in lanes.items()))

    async def _lane(self, topic: str, partition: int, records: Sequence[Record], outcome: Outcome) -> None:
        """One batch after another, each only when the one before is acknowledged: that alone keeps the order."""
        sent = 0
        while sent < len(records):
            batch = self._client.create_batch()
            end = sent
            while end < len(records):
                record = records[end]
                if not batch.append(timestamp=None, key=record.key, value=record.value, headers=record.headers):
                    break
                end += 1
            try:
                await self._send(batch, topic, partition)
            except (KafkaError, TimeoutError) as error:
                outcome.failed[topic] = error
                return
            outcome.acknowledged.extend(record.id for record in records[sent:end])
            sent = end

    async def _send(self, batch: Any, topic: str, partition: int) -> None:
        # An idempotent producer never gives up by itself while Kafka is away (aiokafka#1101), hence our own time limit.
        async with asyncio.timeout(PUBLISH_TIMEOUT):
            acknowledgement = await self._client.send_batch(batch, topic, partition=partition)
            acknowledgement.add_done_callback(_seen)
            # Shielded: cancelling the future of a batch that is still under way breaks the client's bookkeeping.
            await asyncio.shield(acknowledgement)


def _seen(future: "asyncio.Future[Any]") -> None:
    """Take note of a late failure that nobody waits for any more, so that asyncio does not complain about it."""
    if not future.cancelled():
        future.exception()


@asynccontextmanager
async def producer(kafka: Settings | str, client_id: str) -> AsyncIterator[Producer]:
    client = AIOKafkaProducer(
        **reach(kafka),
        client_id=client_id,
        acks="all",
        enable_idempotence=True,
        linger_ms=0,
        max_batch_size=BATCH_BYTES,
        request_timeout_ms=int(PUBLISH_TIMEOUT * 1000),
        metadata_max_age_ms=60_000,
    )
    try:
        await client.start()
        yield Producer(client)
    finally:
        await _dispose(client)


async def _dispose(client: AIOKafkaProducer) -> None:
    """Stop, also when Kafka is away: then the client would wait for ever for what it still holds; the outbox has it."""
    try:
        async with asyncio.timeout(2):
            await client.stop()
    except TimeoutError:
        client._message_accumulator.fail_all(KafkaConnectionError())
        await client._sender.close()
        await client.client.close()
