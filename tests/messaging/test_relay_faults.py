"""Whatever dies between outbox and Kafka, nothing is lost, and the order per subject holds."""

import asyncio
import itertools
import random
from collections import defaultdict
from typing import Any

import pytest

from shared.database import Database
from shared.events.envelope import read
from shared.messaging import relay as relay_module
from shared.messaging.producer import Producer
from tests.messaging.proxy import Proxy
from tests.messaging.stage import Stage, running
from tests.support.waiting import eventually


async def test_a_relay_that_dies_between_publishing_and_marking_repeats_and_the_effect_is_one(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its session ends, as by `kill -9`, after Kafka's answer and before the mark; the next turn does it again."""
    publish, crashes = Producer.publish, 2

    async def publish_and_die(self: Producer, records: Any) -> Any:
        nonlocal crashes
        outcome = await publish(self, records)
        if crashes:
            crashes -= 1
            await stage.sql(
                "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = :lock"
                " and database = (select oid from pg_database where datname = current_database())",
                lock=relay_module.RELAY_LOCK,
            )
        return outcome

    monkeypatch.setattr(Producer, "publish", publish_and_die)
    await stage.emit(1)

    async with running(stage.worker(relay=True).run):
        await eventually(stage.all_sent)
        await stage.emit(2)
        await eventually(lambda: stage.has_effects(1, 2))

    assert await stage.published() == [1, 1, 1, 2]


async def test_order_per_subject_holds_with_many_writers_and_relays_that_take_turns(
    database: Database, stage: Stage, make_topic: Any
) -> None:
    stage.topic = await make_topic(partitions=3)
    stage.noted.TOPIC = stage.topic
    subjects, each = [f"notebook-{n}" for n in range(8)], 40

    async def write(subject: str) -> None:
        for n in range(each):
            await stage.emit(n, subject=subject)
            await asyncio.sleep(random.uniform(0, 0.15))

    async def take_turns() -> None:
        """Three relays; every 0.3 seconds one is cancelled, wherever it is, and another one started."""
        others = [Database(database.url, pool_size=2) for _ in range(3)]
        relays = [asyncio.ensure_future(stage.relay(database=other).run()) for other in others]
        try:
            for turn in itertools.count():
                await asyncio.sleep(0.3)
                relays[turn % 3].cancel()
                relays[turn % 3] = asyncio.ensure_future(stage.relay(database=others[turn % 3]).run())
        finally:
            for each_relay in relays:
                each_relay.cancel()
            await asyncio.gather(*relays, return_exceptions=True)
            for other in others:
                await other.dispose()

    async with running(take_turns):
        await asyncio.gather(*(write(subject) for subject in subjects))
        await eventually(stage.all_sent)

    first_seen: dict[str, list[int]] = defaultdict(list)
    for record in await stage.records():
        n = read(record.value).data["n"]
        if n not in first_seen[record.key.decode()]:
            first_seen[record.key.decode()].append(n)
    assert first_seen == {subject: list(range(each)) for subject in subjects}


async def test_facts_stated_while_kafka_is_not_there_are_published_when_it_comes(
    stage: Stage, kafka_network: Proxy
) -> None:
    await kafka_network.down()
    async with running(stage.worker(relay=True).run) as worker:
        await stage.emit(1)
        await asyncio.sleep(1)
        assert not worker.done()
        assert await stage.unsent() == 1

        await kafka_network.up()
        await eventually(lambda: stage.has_effects(1))


async def test_kafka_goes_away_and_comes_back_and_nothing_is_lost(stage: Stage, kafka_network: Proxy) -> None:
    async with running(stage.worker(relay=True).run):
        await stage.emit(0)
        await eventually(lambda: stage.has_effects(0))

        await kafka_network.down()
        for n in range(1, 5):
            await stage.emit(n)
        await asyncio.sleep(2)
        await kafka_network.up()
        await stage.emit(5)

        await eventually(lambda: stage.has_effects(*range(6)))
    assert await stage.buried() == []


async def test_a_publish_that_nobody_answers_is_tried_again_until_somebody_does(
    stage: Stage, kafka_network: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A black hole: connections stay open and nothing comes back, so only our own time limit ends the wait."""
    monkeypatch.setattr("shared.messaging.producer.PUBLISH_TIMEOUT", 1.0)
    async with running(stage.relay().run):
        await stage.emit(0)
        await eventually(stage.all_sent)

        kafka_network.hole = True
        await stage.emit(1)
        await asyncio.sleep(4)
        assert await stage.unsent() == 1
        kafka_network.hole = False
        await kafka_network.down()
        await kafka_network.up()

        await eventually(stage.all_sent)
    seen = await stage.published()
    assert sorted(set(seen)) == [0, 1]
    assert seen[0] == 0


async def test_a_relay_whose_database_goes_away_goes_on_when_it_is_back(
    stage: Stage, database_network: tuple[Proxy, Database]
) -> None:
    network, seen = database_network
    async with running(stage.relay(database=seen).run):
        await stage.emit(1)
        await eventually(stage.all_sent)
        await network.down()
        await stage.emit(2)
        await asyncio.sleep(1)
        await network.up()
        await eventually(stage.all_sent)

    assert await stage.published() == [1, 2]


async def test_a_topic_that_kafka_does_not_know_holds_up_no_other(stage: Stage) -> None:
    known = stage.noted.TOPIC
    stage.noted.TOPIC = "nobody-declared-this"
    await stage.emit(1)
    stage.noted.TOPIC = known
    async with running(stage.relay().run):
        await stage.emit(2)
        await eventually(lambda: stage.has_published(2))
        await stage.emit(3)
        await eventually(lambda: stage.has_published(2, 3))

    assert await stage.unsent() == 1
