"""Kafka's client, made total: a record that it cannot even read is passed on as garbage instead of read for ever."""

import traceback
from collections.abc import Sequence
from functools import partial
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from faststream.kafka import KafkaBroker

# What stands in a dead letter for the headers that could not be read. The record itself is still in Kafka.
UNREADABLE = ("unreadable", b"a header's name is not UTF-8")
READ_AGAIN_MS = 1_000


class TotalConsumer(AIOKafkaConsumer):  # type: ignore[misc]
    """aiokafka decodes the names of headers while it reads, and raises on one that is not UTF-8, which Kafka accepts.

    It would then fetch the same record again and again, and its partition would stand still. Here such a record comes
    out without content, as garbage like any other, and reading goes on behind it.
    """

    async def getone(self, *partitions: TopicPartition) -> ConsumerRecord:
        try:
            return await super().getone(*partitions)
        except UnicodeDecodeError as error:
            return self._pass_over(*_place(error))

    async def getmany(
        self, *partitions: TopicPartition, timeout_ms: int = 0, max_records: int | None = None
    ) -> dict[TopicPartition, Sequence[ConsumerRecord]]:
        before = self.positions()
        try:
            found: dict[TopicPartition, Sequence[ConsumerRecord]] = await super().getmany(
                *partitions, timeout_ms=timeout_ms, max_records=max_records
            )
            return found
        except UnicodeDecodeError as error:
            unreadable, offset = _place(error)
        # What the client had already taken from other partitions is lost with the exception, and must be read again.
        for partition, position in before.items():
            self.seek(partition, position)
        if before[unreadable] == offset:
            return {unreadable: [self._pass_over(unreadable, offset)]}
        # First what lies before it: there are at most so many records up to that offset.
        room = offset - before[unreadable]
        return await self.getmany(unreadable, timeout_ms=READ_AGAIN_MS, max_records=min(room, max_records or room))

    def positions(self) -> dict[TopicPartition, int]:
        """Where reading stands, as far as it stands anywhere; unlike the client's own question, this never waits."""
        assignment = self._subscription.subscription.assignment
        states = {each: assignment.state_value(each) for each in self.assignment()}
        return {each: state.position for each, state in states.items() if state.has_valid_position}

    def stranded(self) -> bool:
        """Whether it is in no group: on its way into one, or, without saying so anywhere else, out of it for good."""
        coordinator = self._coordinator
        return bool(coordinator._coordination_task.done() or coordinator.need_rejoin(self._subscription.subscription))

    def _pass_over(self, partition: TopicPartition, offset: int) -> ConsumerRecord:
        self.seek(partition, offset + 1)
        return ConsumerRecord(partition.topic, partition.partition, offset, 0, 0, None, b"", None, -1, 0, (UNREADABLE,))


class TotalBroker(KafkaBroker):
    """FastStream's broker, with that client."""

    async def _connect(self) -> Any:
        builder = await super()._connect()
        self.config.broker_config.builder = partial(TotalConsumer, *builder.args, **builder.keywords)  # type: ignore[attr-defined]
        return builder


def _place(error: UnicodeDecodeError) -> tuple[TopicPartition, int]:
    """Where the client was; it says so only in the frame that failed."""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if frame.f_code.co_name == "_unpack_records":
            records = frame.f_locals["self"]
            return records._tp, records.next_fetch_offset
    raise error
