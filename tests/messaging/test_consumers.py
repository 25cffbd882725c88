"""Whatever lies on a topic is handled once, known already, not ours, or buried; and the next one follows."""

import asyncio
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from faststream.middlewares import AckPolicy
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.database import Database
from shared.messaging.batches import listen_batches
from shared.messaging.broker import make_broker
from shared.messaging.consume import Inlet, Received, Rejected, listen
from shared.settings import Settings
from tests.messaging.proxy import Proxy
from tests.messaging.stage import CONSUMER, Stage, only_subscriber, running
from tests.support.waiting import PATIENCE, eventually


async def test_an_event_that_comes_twice_has_one_effect(stage: Stage) -> None:
    twice = stage.event(1)

    async with running(stage.worker().run):
        await stage.put(twice)
        await stage.put(twice)
        last = await stage.put(stage.event(2))
        await eventually(lambda: stage.has_effects(1, 2))

    assert stage.counted("duplicate") == 1
    assert await stage.committed() == last + 1


async def test_events_out_of_order_are_each_handled_and_carry_their_sequence(stage: Stage) -> None:
    seen: list[tuple[int, int]] = []

    async def note(session: AsyncSession, received: Received) -> None:
        seen.append((received.sequence, received.event.n))

    async with running(stage.worker(note).run):
        for sequence, n in ((2, 20), (1, 10), (3, 30)):
            await stage.put(stage.event(n, sequence=sequence))
        await eventually(lambda: len(seen) == 3)

    assert seen == [(2, 20), (1, 10), (3, 30)]


@pytest.mark.parametrize("codec", ["gzip", "snappy", "lz4", "zstd"])
async def test_a_partner_may_compress_as_it_likes(stage: Stage, settings: Settings, codec: str) -> None:
    partner = AIOKafkaProducer(bootstrap_servers=settings.kafka_bootstrap_servers, compression_type=codec)
    await partner.start()
    try:
        await partner.send_and_wait(stage.topic, stage.event(1))
    finally:
        await partner.stop()

    async with running(stage.worker().run):
        await eventually(lambda: stage.has_effects(1))


async def test_a_handler_works_for_the_events_tenant_and_for_no_other(stage: Stage) -> None:
    async with running(stage.worker().run):
        await stage.put(stage.event(1, tenant="odense"))
        await stage.put(stage.event(2, tenant="slagelse"))
        await eventually(lambda: stage.has_effects(1, 2))

    async with stage.database.transaction("*") as session:
        tenants = (await (await session.connection()).execute(text("select tenant from effects order by id"))).scalars()
        assert list(tenants) == ["odense", "slagelse"]


async def test_what_a_handler_rejects_breaks_or_hangs_on_is_buried_and_leaves_no_effect(stage: Stage) -> None:
    async def picky(session: AsyncSession, received: Received) -> None:
        await stage.note(session, received)
        match received.event.n:
            case 1:
                raise Rejected("numbers below 2 are taken")
            case 2:
                raise LookupError("alma@example.dk")
            case 3:
                await asyncio.sleep(60)
            case 4:
                await (await session.connection()).execute(text("insert into effects (n) values ('alma')"))

    async with running(stage.worker(picky, timeout=2).run):
        for n in range(1, 6):
            await stage.put(stage.event(n))
        await eventually(lambda: stage.has_effects(5))

    letters = await stage.buried()
    assert [letter.kind for letter in letters] == ["rejected", "bug", "timeout", "bug"]
    assert letters[0].reason == "numbers below 2 are taken"
    assert letters[1].reason.startswith("LookupError at test_consumers.py:")
    assert "alma" not in "".join(letter.reason for letter in letters)
    assert stage.calls == [1, 2, 3, 3, 4, 5]  # Only what may have been the database's fault is tried again.


async def test_while_the_database_is_away_nothing_is_buried_and_afterwards_nothing_is_missing(stage: Stage) -> None:
    failures = 5

    async def unlucky(session: AsyncSession, received: Received) -> None:
        nonlocal failures
        await stage.note(session, received)
        if received.event.n == 2 and failures:
            failures -= 1
            # What the server does to every session when it is stopped.
            await (await session.connection()).execute(text("select pg_terminate_backend(pg_backend_pid())"))

    async with running(stage.worker(unlucky).run):
        for n in (1, 2, 3):
            last = await stage.put(stage.event(n))
        await eventually(lambda: stage.has_effects(1, 2, 3))

    assert failures == 0
    assert await stage.buried() == []
    assert await stage.committed() == last + 1


async def test_a_worker_that_dies_between_its_commit_and_its_acknowledgement_repeats_nothing(stage: Stage) -> None:
    """As after `kill -9`: the effect is committed, Kafka was never told."""
    committed = asyncio.Event()

    async def note(session: AsyncSession, received: Received) -> None:
        await stage.note(session, received)
        committed.set()

    broker = stage.broker(note)
    subscriber = only_subscriber(broker)
    await stage.put(stage.event(1))
    await broker.start()

    async def deaf() -> None:
        await asyncio.Event().wait()

    subscriber.consumer.commit = deaf
    await asyncio.wait_for(committed.wait(), PATIENCE)
    await eventually(lambda: stage.has_effects(1))
    for task in subscriber.tasks:
        task.cancel()
    await broker.stop()
    assert await stage.committed() in (None, -1)

    async with running(stage.worker().run):
        await stage.put(stage.event(2))
        await eventually(lambda: stage.has_effects(1, 2))

    assert stage.counted("duplicate") == 1


async def test_offsets_follow_what_was_handled(stage: Stage) -> None:
    async with running(stage.worker().run):
        for n in range(20):
            last = await stage.put(stage.event(n))
        await eventually(lambda: stage.has_effects(*range(20)))

        async def committed() -> bool:
            return await stage.committed() == last + 1

        await eventually(committed)


def test_no_subscriber_acknowledges_before_the_work_or_begins_at_the_end(settings: Settings, stage: Stage) -> None:
    broker = make_broker(settings, "test")
    listen(broker, stage.database, stage.metrics, consumer="a", topic="x", handlers={})

    async def nothing(_: object) -> dict[object, int]:
        return {}

    listen_batches(broker, "x", "y", group="b", on_batch=nothing, start_offsets=nothing)  # type: ignore[arg-type]

    subscribers: list[Any] = broker.subscribers
    for subscriber in subscribers:
        assert subscriber.ack_policy in (AckPolicy.NACK_ON_ERROR, AckPolicy.MANUAL)
        assert subscriber._connection_args["enable_auto_commit"] is False
        assert subscriber._connection_args["auto_offset_reset"] == "earliest"
        assert subscriber._no_reply
        assert subscriber.group_id


def test_two_subscribers_of_one_group_and_topic_are_refused(stage: Stage) -> None:
    broker = stage.broker()

    with pytest.raises(ValueError, match="listens already"):
        listen(broker, stage.database, stage.metrics, consumer=CONSUMER, topic=stage.topic, handlers={})


async def test_a_database_that_answers_nothing_any_more_gets_no_event_buried(
    stage: Stage, database_network: tuple[Proxy, Database]
) -> None:
    """A black hole: the connection stays open and ends in our own time limit, which looks like a handler that hangs."""
    network, seen = database_network
    stage.database, database = seen, stage.database

    async def note(session: AsyncSession, received: Received) -> None:
        if received.event.n == 2 and not stage.calls[1:]:
            network.hole = True
        await stage.note(session, received)

    async with running(stage.worker(note, timeout=2).run):
        await stage.put(stage.event(1))
        await stage.put(stage.event(2))
        await eventually(lambda: stage.calls == [1, 2])
        await asyncio.sleep(5)
        network.hole = False
        await network.down()
        await network.up()
        stage.database = database
        await eventually(lambda: stage.has_effects(1, 2))

    assert await stage.buried() == []


async def test_two_deliveries_at_the_same_moment_have_one_effect(stage: Stage) -> None:
    """As while partitions change hands: the second waits at the inbox until the first has committed."""

    async def slow(session: AsyncSession, received: Received) -> None:
        await asyncio.sleep(0.3)
        await stage.note(session, received)

    inlet = Inlet(stage.database, stage.metrics, CONSUMER, {stage.noted: slow}, None, 10, lambda: True)
    await stage.put(stage.event(1))
    [record] = await stage.records()

    await asyncio.gather(inlet.take(record), inlet.take(record))

    await stage.has_effects(1)
    assert (stage.counted("handled"), stage.counted("duplicate")) == (1, 1)
