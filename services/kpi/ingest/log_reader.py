"""Reading the log's past beside the live counting: without a group, and so without disturbing anybody's place in it."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from shared.messaging.kafka import reach
from shared.settings import Settings

AT_ONCE = 5_000


class LogReader:
    """Knows how far it has read; never reads a record twice."""

    def __init__(self, consumer: Any, at_once: int) -> None:
        self._consumer, self._at_once = consumer, at_once
        self._read: dict[TopicPartition, int] = {}
        self._began: dict[TopicPartition, int] = {}

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings, at_once: int = AT_ONCE) -> AsyncIterator[Self]:
        consumer = AIOKafkaConsumer(
            **reach(settings),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=4 * 1024 * 1024,
        )
        try:
            await consumer.start()
            # A consumer stopped before its own task had a turn raises a cancellation that nobody asked for.
            await asyncio.sleep(0)
            yield cls(consumer, at_once)
        finally:
            await consumer.stop()

    def missing(self, until: Mapping[TopicPartition, int]) -> int:
        """How many records at most lie between what was read and `until`."""
        return sum(max(0, offset - self._read.get(place, 0)) for place, offset in until.items())

    def beginnings(self) -> dict[str, dict[str, int]]:
        """By topic and partition, where the log begins, where that is not at 0: Kafka has let go of what was before."""
        found: dict[str, dict[str, int]] = {}
        for place, offset in self._began.items():
            if offset:
                found.setdefault(place.topic, {})[str(place.partition)] = offset
        return found

    async def up_to(self, until: Mapping[TopicPartition, int]) -> AsyncIterator[Sequence[ConsumerRecord]]:
        """Every record before `until` that was not read yet, each partition's in order."""
        limits = await self._limits(until)
        if limits:
            self._consumer.assign(list(limits))
            for place in limits:
                self._consumer.seek(place, self._read.get(place, 0))
        while limits:
            found = await self._consumer.getmany(*limits, timeout_ms=200, max_records=self._at_once)
            records = [each for place, batch in found.items() for each in batch if each.offset < limits[place]]
            if records:
                yield records
            for place in list(limits):
                position = await self._consumer.position(place)
                self._read[place] = min(position, limits[place])
                if position >= limits[place]:
                    del limits[place]
        self._read |= until

    async def _limits(self, until: Mapping[TopicPartition, int]) -> dict[TopicPartition, int]:
        """Where there is something to read. What Kafka has let go of, or lost, nobody can read."""
        wanted = {place: offset for place, offset in until.items() if offset > self._read.get(place, 0)}
        if not wanted:
            return {}
        begin = await self._consumer.beginning_offsets(list(wanted))
        end = await self._consumer.end_offsets(list(wanted))
        for place in wanted:
            self._began.setdefault(place, begin[place])
            self._read[place] = max(self._read.get(place, 0), begin[place])
        limits = {place: min(offset, end[place]) for place, offset in wanted.items()}
        return {place: limit for place, limit in limits.items() if limit > self._read[place]}
