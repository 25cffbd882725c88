"""Sees a consumer that has work and does not do it, which Kafka's client itself can neither see nor say."""

import asyncio
from collections import Counter
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker

from shared.logging import log
from shared.messaging.broker import SESSION_TIMEOUT
from shared.messaging.patience import Hopeless
from shared.metrics import Metrics

LOOK_EVERY = 5.0
STUCK_AFTER = 2 * SESSION_TIMEOUT
# A restart cures a lost assignment. What it does not cure so often is beyond us: let whoever supervises us try.
RESTARTS = 3


class Watchdog:
    """Looks at every consumer of a broker: sets the lag gauges, restarts who is stuck.

    Stuck: no position has moved for two session timeouts, no handler is at work, and records wait or the consumer is in
    no group (aiokafka#1154). The end of the log is asked of Kafka itself; a stuck consumer's own idea of it is stale.
    Waiting for the database is no fault: it happens inside a handler, or with the partitions paused. And while Kafka
    does not answer, nobody is judged.
    """

    def __init__(
        self, broker: KafkaBroker, metrics: Metrics, *, look_every: float = LOOK_EVERY, stuck_after: float = STUCK_AFTER
    ) -> None:
        self._broker, self._metrics = broker, metrics
        self._look_every, self._stuck_after = look_every, stuck_after
        self._seen: dict[Any, tuple[dict[TopicPartition, int], float]] = {}
        self._restarts: Counter[Any] = Counter()
        self._shown: set[tuple[str, str, str]] = set()

    async def watch(self) -> None:
        while True:
            await asyncio.sleep(self._look_every)
            showing: set[tuple[str, str, str]] = set()
            for subscriber in self._broker.subscribers:
                lags = await self._look(subscriber)
                for partition, lag in lags.items():
                    labels = _labels(subscriber, partition)
                    self._metrics.consumer_lag.labels(self._metrics.service, *labels).set(lag)
                    showing.add(labels)
            # A partition that went to somebody else must not go on showing our last idea of it.
            for gone in self._shown - showing:
                self._metrics.consumer_lag.remove(self._metrics.service, *gone)
            self._shown = showing

    async def _look(self, subscriber: Any) -> dict[TopicPartition, int]:
        """The lag per partition; restarts the consumer where it does nothing about it."""
        now, consumer = asyncio.get_running_loop().time(), subscriber.consumer
        if consumer is None:
            return {}
        assigned = consumer.assignment()
        asked = assigned or _all_partitions(consumer, subscriber)
        try:
            async with asyncio.timeout(self._look_every):
                ends = await consumer.end_offsets(list(asked))
        except (KafkaError, TimeoutError):
            self._seen.pop(subscriber, None)
            return {}
        paused, positions = consumer.paused(), consumer.positions()
        lags = {each: max(0, ends[each] - position) for each, position in positions.items() if each in ends}
        nowhere = assigned - positions.keys() - paused
        waiting = consumer.stranded() or any(lags[each] for each in lags.keys() - paused) or any(map(ends.get, nowhere))
        before, since = self._seen.get(subscriber, ({}, now))
        if before and positions != before:
            self._restarts[subscriber] = 0
        if positions != before or not (waiting and asked) or not subscriber.lock.empty:
            self._seen[subscriber] = (positions, now)
        elif now - since > self._stuck_after:
            await self._restart(subscriber)
        else:
            self._seen[subscriber] = (positions, since)
        return lags

    async def _restart(self, subscriber: Any) -> None:
        del self._seen[subscriber]
        self._restarts[subscriber] += 1
        group = subscriber.group_id
        self._metrics.consumer_restarts.labels(self._metrics.service, group).inc()
        log().error("consumer is stuck", group=group, attempts=self._restarts[subscriber])
        if self._restarts[subscriber] > RESTARTS:
            raise Hopeless(group)
        async with asyncio.timeout(4 * SESSION_TIMEOUT):
            await subscriber.stop()
            await subscriber.start()


def _all_partitions(consumer: Any, subscriber: Any) -> set[TopicPartition]:
    return {TopicPartition(t, p) for t in subscriber.topic_names for p in consumer.partitions_for_topic(t) or ()}


def _labels(subscriber: Any, partition: TopicPartition) -> tuple[str, str, str]:
    """The group of a consumer of single events is `consumer.topic`; the topic has a label of its own."""
    return subscriber.group_id.removesuffix(f".{partition.topic}"), partition.topic, str(partition.partition)
