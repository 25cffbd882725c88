"""A dead letter can be looked at, sent again exactly as it was, thrown away, and is erased with its person."""

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.messaging.consume import Received, Rejected
from shared.messaging.dead_letters import discard, find, measure, redrive
from shared.messaging.producer import producer
from tests.messaging.stage import CONSUMER, Stage, only_subscriber, running
from tests.support.waiting import eventually


async def buried(stage: Stage, count: int) -> None:
    assert len(await stage.buried()) == count


async def test_a_redriven_event_is_handled_where_it_failed_and_known_where_it_did_not(stage: Stage) -> None:
    cured = False

    async def picky(session: AsyncSession, received: Received) -> None:
        if received.event.n == 2 and not cured:
            raise Rejected("not today")
        await stage.note(session, received)

    async with running(stage.worker(picky).run):
        for n in (1, 2):
            await stage.put(stage.event(n), headers=[("traceparent", b"00"), ("note", b"\xff")])
        await eventually(lambda: buried(stage, 1))
        [letter] = await stage.buried()

        cured = True
        async with producer(stage.settings, "test") as kafka:
            assert await redrive(stage.database, kafka, [letter.id, 12345]) == [letter.id]
        await eventually(lambda: stage.has_effects(1, 2))

    assert await stage.buried() == []
    _, original, again = await stage.records()
    assert (again.key, again.value, again.headers) == (original.key, original.value, original.headers)


async def test_what_still_fails_after_a_redrive_is_a_dead_letter_again(stage: Stage) -> None:
    async with running(stage.worker().run):
        for key in (b"\x00\xff", b"\\x41", "æøå".encode(), None):
            await stage.put(b"noise", key=key)
        await eventually(lambda: buried(stage, 4))
        async with producer(stage.settings, "test") as kafka:
            await redrive(stage.database, kafka, [letter.id for letter in await stage.buried()])
        await eventually(lambda: buried(stage, 4))

    records = await stage.records()
    assert [record.key for record in records[:4]] == [record.key for record in records[4:]]
    assert [letter.offset for letter in await stage.buried()] == [4, 5, 6, 7]


async def test_a_record_that_is_delivered_again_is_one_dead_letter_with_more_attempts(stage: Stage) -> None:
    broker = stage.broker()
    subscriber = only_subscriber(broker)
    await stage.put(b"noise")

    await broker.start()
    await eventually(lambda: buried(stage, 1))
    await subscriber.consumer.seek_to_beginning()

    async def attempts() -> None:
        assert [letter.attempts for letter in await stage.buried()] == [2]

    await eventually(attempts)
    await broker.stop()


async def test_dead_letters_are_found_by_class_counted_and_discarded_for_good(stage: Stage) -> None:
    async with running(stage.worker().run):
        await stage.put(b"noise")
        await stage.put(b'{"no": "event"}')
        await eventually(lambda: buried(stage, 2))

    [noise] = await find(stage.database, kind="undecodable")
    await measure(stage.database, stage.metrics)
    waiting = ("kompas_dead_letters", {"service": "test", "consumer": CONSUMER})
    assert stage.metrics.registry.get_sample_value(*waiting) == 2

    assert await discard(stage.database, [noise.id, 12345], reason="a test of ours") == [noise.id]

    assert [letter.kind for letter in await stage.buried()] == ["invalid"]
    async with stage.database.transaction("*") as session:
        kept = await session.scalar(text("select count(*) from dead_letters where payload = 'noise'"))
    assert kept == 0
