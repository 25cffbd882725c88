"""A consumer that keeps its own offsets is where its database stands, and is offered each record until it takes it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import pytest
import pytest_asyncio
from aiokafka import ConsumerRecord, TopicPartition

from shared.messaging.batches import Fenced, listen_batches
from shared.messaging.broker import make_broker
from shared.messaging.worker import Worker
from tests.messaging.proxy import Proxy
from tests.messaging.stage import Stage, running
from tests.support.waiting import PATIENCE, eventually

GROUP = "ledger"


class Ledger:
    """Stands for a database: what was stored, and the offset that comes next, changed together."""

    def __init__(self) -> None:
        self.next: dict[TopicPartition, int] = {}
        self.stored: list[bytes | None] = []
        self.asked = 0
        self.refuse: Exception | None = None
        self.away = False

    async def start_offsets(self, partitions: set[TopicPartition]) -> dict[TopicPartition, int]:
        self.asked += 1
        await asyncio.sleep(0.2)  # Long enough for records to arrive from a wrong place, if they could.
        if self.away:
            raise ConnectionError
        return {each: self.next[each] for each in partitions if each in self.next}

    async def take(self, records: Sequence[ConsumerRecord]) -> None:
        if self.refuse:
            raise self.refuse
        for record in records:
            place = TopicPartition(record.topic, record.partition)
            if record.offset != self.next.get(place, 0):
                raise Fenced
            self.next[place] = record.offset + 1
            self.stored.append(record.value)


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def worker(stage: Stage, ledger: Ledger) -> Callable[..., Worker]:
    def make(*topics: str, **more: Any) -> Worker:
        broker = make_broker(stage.settings, "test")
        listen_batches(
            broker,
            *(topics or (stage.topic,)),
            group=f"{GROUP}.{stage.topic}",
            on_batch=ledger.take,
            start_offsets=ledger.start_offsets,
            **more,
        )
        return Worker("test", database=stage.database, metrics=stage.metrics, broker=broker)

    return make


@pytest_asyncio.fixture
async def another_topic(make_topic: Callable[..., Awaitable[str]]) -> AsyncIterator[str]:
    yield await make_topic(partitions=3)


async def numbered(stage: Stage, *numbers: int) -> None:
    for n in numbers:
        await stage.put(b"%d" % n)


def has_stored(ledger: Ledger, *numbers: int) -> Callable[[], None]:
    def check() -> None:
        assert ledger.stored == [b"%d" % n for n in numbers]

    return check


async def test_records_of_several_topics_arrive_as_they_are(
    stage: Stage, ledger: Ledger, worker: Callable[..., Worker], another_topic: str
) -> None:
    values = [b"\xff", None, b"{}"]
    async with running(worker(stage.topic, another_topic).run):
        for value in values:
            await stage.put(value, headers=[("note", b"\xff"), ("none", None)])
        stage.topic = another_topic
        for partition in range(3):
            await stage.put(b"elsewhere", partition=partition)
        await eventually(lambda: len(ledger.stored) == 6)

    assert [value for value in ledger.stored if value != b"elsewhere"] == values


async def test_a_record_that_kafkas_own_client_cannot_read_stops_no_batch_and_loses_no_other_record(
    stage: Stage, ledger: Ledger, worker: Callable[..., Worker], another_topic: str
) -> None:
    stage.topic = another_topic
    for n in range(30):
        await stage.put(b"%d" % n, partition=n % 3)
        if n in (0, 10, 11, 29):
            await stage.put_unreadable(partition=n % 3)

    async with running(worker().run):
        await eventually(lambda: len(ledger.stored) == 34)

    assert Counter(ledger.stored) == Counter([b""] * 4 + [b"%d" % n for n in range(30)])


async def test_reading_goes_on_where_the_database_stands_whatever_kafka_believes(
    stage: Stage, ledger: Ledger, worker: Callable[..., Worker]
) -> None:
    await numbered(stage, *range(10))
    async with running(worker().run):
        await eventually(has_stored(ledger, *range(10)))

        async def told() -> bool:
            return await stage.committed(group=f"{GROUP}.{stage.topic}") == 10

        await eventually(told)

    # The database is restored from a copy in which only four had been counted; Kafka still says ten.
    ledger.next = {TopicPartition(stage.topic, 0): 4}
    ledger.stored = []
    async with running(worker().run):
        await eventually(has_stored(ledger, *range(4, 10)))

    # A new database: from the beginning.
    ledger.next, ledger.stored = {}, []
    async with running(worker().run):
        await eventually(has_stored(ledger, *range(10)))

    # Kafka is behind, as after a crash before it was told; nothing is offered again.
    asked = ledger.asked
    async with running(worker().run):
        await eventually(lambda: ledger.asked > asked)
        await numbered(stage, 10)
        await eventually(has_stored(ledger, *range(11)))


async def test_a_batch_that_cannot_be_taken_is_offered_again_and_nothing_is_skipped(
    stage: Stage, ledger: Ledger, worker: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.messaging.batches.PATIENCE", 0.3)
    for refusal in (ConnectionError(), LookupError(), Fenced()):
        ledger.next, ledger.stored, ledger.asked = {}, [], 0
        ledger.refuse = refusal
        await numbered(stage, 1)
        async with running(worker().run):
            await eventually(lambda: ledger.asked > 2)  # Its patience ended, and it asked where to go on.
            ledger.refuse = None
            count = len(await stage.records())
            await eventually(lambda expected=count: len(ledger.stored) == expected)  # type: ignore[misc]


async def test_while_the_database_cannot_say_where_it_stands_nothing_is_read_and_the_worker_can_stop(
    stage: Stage, ledger: Ledger, worker: Callable[..., Worker]
) -> None:
    await numbered(stage, 1)
    ledger.away = True
    async with asyncio.timeout(PATIENCE), running(worker().run):
        await eventually(lambda: ledger.asked > 1)
    assert ledger.stored == []

    async with running(worker().run):
        await eventually(lambda: ledger.asked > 3)
        ledger.away = False
        await eventually(has_stored(ledger, 1))


async def test_two_workers_share_the_partitions_and_each_record_is_stored_once_while_they_come_and_go(
    stage: Stage, ledger: Ledger, worker: Callable[..., Worker], another_topic: str
) -> None:
    stage.topic = another_topic
    expected = set()

    async def write() -> None:
        for n in range(150):
            expected.add(b"%d" % n)
            await stage.put(b"%d" % n, partition=n % 3)
            await asyncio.sleep(0.02)

    async with running(worker().run):
        writing = asyncio.ensure_future(write())
        await asyncio.sleep(1)
        async with running(worker().run):
            await asyncio.sleep(1)
        await writing
        await eventually(lambda: len(ledger.stored) >= 150)

    assert len(ledger.stored) == 150
    assert set(ledger.stored) == expected


async def test_kafka_goes_away_and_comes_back_and_every_record_is_stored_once(
    stage: Stage, ledger: Ledger, kafka_network: Proxy, worker: Callable[..., Worker]
) -> None:
    async with running(worker().run):
        await numbered(stage, 0)
        await eventually(has_stored(ledger, 0))
        await kafka_network.down()
        await asyncio.sleep(2)
        await kafka_network.up()
        await numbered(stage, 1, 2)
        await eventually(has_stored(ledger, 0, 1, 2))
