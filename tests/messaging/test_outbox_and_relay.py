"""A fact reaches Kafka if and only if its transaction committed, in order per subject, whatever dies on the way."""

from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from shared.clock import now
from shared.events.envelope import read
from shared.ids import uuid7
from shared.messaging.history import forget_citizens_keys, purge, republish
from shared.messaging.outbox import TooLargeToPublish, emit, emit_many, row
from shared.tenancy import EVERY_TENANT
from tests.messaging.proxy import Proxy
from tests.messaging.stage import Stage, running
from tests.support.waiting import eventually


async def test_a_committed_fact_is_on_its_topic_with_its_subject_as_key(stage: Stage) -> None:
    event_id = await stage.emit(7, subject="a-notebook")

    async with running(stage.relay().run):
        await eventually(stage.all_sent)

    [record] = await stage.records()
    envelope = read(record.value)
    assert record.key == b"a-notebook"
    assert envelope.id == event_id
    assert envelope.data == {"n": 7}
    assert dict(record.headers) == {
        "content-type": b"application/cloudevents+json",
        "ce_id": str(event_id).encode(),
        "ce_type": stage.noted.TYPE.encode(),
    }


async def test_a_fact_of_a_transaction_that_rolled_back_is_never_published(stage: Stage) -> None:
    with suppress(ZeroDivisionError):
        async with stage.database.transaction("odense") as session:
            await emit(session, stage.noted(n=1), tenant="odense", subject="notebook")
            raise ZeroDivisionError
    await stage.emit(2)

    async with running(stage.relay().run):
        await eventually(stage.all_sent)

    assert await stage.published() == [2]


async def test_an_event_goes_from_one_transaction_into_another(stage: Stage) -> None:
    async with running(stage.worker(relay=True).run):
        await stage.emit(1)
        await eventually(lambda: stage.has_effects(1))


async def test_a_fact_that_commits_late_is_not_passed_over_for_those_that_were_quicker(stage: Stage) -> None:
    async with running(stage.relay().run):
        async with stage.database.transaction("odense") as slow:
            await emit(slow, stage.noted(n=1), tenant="odense", subject="slow")
            await stage.emit(2, subject="quick")
            await eventually(lambda: stage.has_published(2))
        await eventually(lambda: stage.has_published(2, 1))


async def test_many_facts_are_stated_in_one_statement_and_those_stated_before_are_passed_over(stage: Stage) -> None:
    ids = [uuid7() for _ in range(3_000)]
    rows = [row(stage.noted(n=n), tenant="odense", subject=uuid4(), id=id) for n, id in enumerate(ids)]

    async with stage.database.transaction("odense") as session:
        first = await emit_many(session, rows[:2_000])
    async with stage.database.transaction("odense") as session:
        again = await emit_many(session, rows)
        none = await emit_many(session, [])

    assert (first, again, none) == (2_000, 1_000, 0)
    async with running(stage.relay().run):
        await eventually(stage.all_sent)
    assert sorted(await stage.published()) == list(range(3_000))


async def test_a_fact_that_kafka_could_never_take_is_refused_where_it_is_stated(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.messaging.outbox.MAX_PAYLOAD_BYTES", 100)

    with pytest.raises(TooLargeToPublish):
        await stage.emit(1)

    await stage.all_sent()


async def test_the_outbox_shows_how_much_waits_and_for_how_long(stage: Stage, kafka_network: Proxy) -> None:
    await kafka_network.down()
    await stage.emit(1)
    await stage.sql("update outbox set recorded_at = now() - interval '90 seconds'")

    async with running(stage.relay().run):

        def shown() -> bool:
            value = stage.metrics.registry.get_sample_value
            oldest = value("kompas_outbox_oldest_seconds", {"service": "test"})
            return value("kompas_outbox_pending", {"service": "test"}) == 1 and oldest is not None and oldest > 89

        await eventually(shown)


async def test_everything_that_was_sent_can_be_sent_again_in_its_order(stage: Stage) -> None:
    async with running(stage.relay().run):
        for n in range(3):
            await stage.emit(n)
        await eventually(stage.all_sent)

        assert await republish(stage.database, topics=["another.topic"]) == 0
        assert await republish(stage.database, since=now() + timedelta(hours=1)) == 0
        assert await republish(stage.database, topics=[stage.topic], since=now() - timedelta(hours=1)) == 3
        await eventually(stage.all_sent)
        assert await republish(stage.database) == 3
        await eventually(stage.all_sent)

    assert await stage.published() == [0, 1, 2] * 3


async def test_page_views_are_purged_when_nobody_counts_them_any_more_and_nothing_else_is(stage: Stage) -> None:
    for topic in ("web.events", "booking.events"):
        stage.noted.TOPIC = topic
        for age in (401, 399):
            event_id = await stage.emit(age)
            await stage.sql(
                "update outbox set sent_at = now() - make_interval(days => :age) where event_id = :id",
                age=age,
                id=event_id,
            )

    assert await purge(stage.database) == 1
    assert await purge(stage.database) == 0


async def test_a_citizen_s_key_is_forgotten_after_two_days_and_staff_s_is_not(stage: Stage) -> None:
    for caller, age in (("anonymous", 3), ("anonymous", 1), ("staff@odense", 3)):
        await stage.sql(
            "insert into idempotency_keys (tenant, caller, key, fingerprint, created_at)"
            " values ('odense', :caller, :key, '', now() - make_interval(days => :age))",
            caller=caller,
            key=f"{caller} {age}",
            age=age,
        )

    await forget_citizens_keys(stage.database)

    async with stage.database.transaction(EVERY_TENANT) as session:
        left = await (await session.connection()).execute(text("select key from idempotency_keys order by key"))
        assert list(left.scalars()) == ["anonymous 1", "staff@odense 3"]
