"""The directory's two halves on real Kafka: every write and every page view arrives once and in order."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest_asyncio
from aiokafka import AIOKafkaConsumer, TopicPartition
from sqlalchemy import text

from deploy.kafka.topics import declared
from services.directory.main import create_app
from services.directory.worker import create_worker
from shared.database import Database
from shared.events import CATALOGUE
from shared.events.envelope import Envelope, read
from shared.settings import Settings
from shared.tenancy import EVERY_TENANT
from tests.messaging.stage import running
from tests.service.directory.centre import BROWSER, Centre
from tests.support.databases import Databases
from tests.support.people import fresh_tenant, jwks
from tests.support.waiting import eventually


@pytest_asyncio.fixture
async def directory_settings(make_database: Databases, bootstrap_servers: str) -> Settings:
    url = await make_database.fresh("directory")
    return Settings(database_url=url, kafka_bootstrap_servers=bootstrap_servers, jwks=jwks())


@pytest_asyncio.fixture(loop_scope="session")
async def centre(directory_settings: Settings) -> AsyncIterator[Centre]:
    app = create_app(directory_settings)
    transport = httpx2.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://directory") as client,
    ):
        yield Centre(client, app.state.database, fresh_tenant())


async def test_what_was_written_while_nobody_relayed_is_published_in_order(
    centre: Centre, directory_settings: Settings
) -> None:
    cafe = await centre.organisation()
    activity = await centre.activity(cafe)
    await centre.patch(f"activities/{activity['id']}", {"locality": "Bolbro"})
    await centre.done(f"organisations/{cafe['id']}/close")

    async with running(create_worker(directory_settings).run):
        await eventually(lambda: everything_is_sent(centre.database))

    facts = await published(directory_settings, "directory.events", centre.tenant)
    of_activity = [fact for fact in facts if fact.subject == activity["id"]]
    assert [(fact.type.split(".")[3], fact.sequence) for fact in of_activity] == [
        ("published", 2), ("updated", 3), ("withdrawn", 4),
    ]  # fmt: skip
    assert [fact.sequence for fact in facts if fact.subject == cafe["id"]] == [1, 2]
    assert len(facts) == 5


async def test_page_views_arrive_while_they_are_made_each_once(centre: Centre, directory_settings: Settings) -> None:
    async def look(number: int) -> int:
        body = {"site": "socialkompas", "page": f"/side/{number % 10}"}
        headers = BROWSER | {"user-agent": f"{BROWSER['user-agent']} nr{number % 7}"}
        return (await centre.post("pageviews", body, {}, **headers)).status_code

    async with running(create_worker(directory_settings).run):
        answers = [await asyncio.gather(*(look(round_ * 50 + n) for n in range(50))) for round_ in range(4)]
        facts: list[Envelope] = []

        async def all_there() -> None:
            nonlocal facts
            facts = await published(directory_settings, "web.events", centre.tenant)
            assert len(facts) == 200

        await eventually(all_there)

    assert {status for round_ in answers for status in round_} == {202}
    assert len({fact.id for fact in facts}) == 200
    assert len({(fact.subject, fact.data["page"]) for fact in facts}) == 70
    assert {fact.subject for fact in facts} == {fact.data["visitor"] for fact in facts}


async def everything_is_sent(database: Database) -> bool:
    async with database.transaction(EVERY_TENANT) as session:
        waiting = await (await session.connection()).execute(text("select 1 from outbox where sent_at is null"))
        return waiting.first() is None


async def published(settings: Settings, topic: str, tenant: str) -> list[Envelope]:
    """What lies on the topic about one centre, in order per subject, each checked against its class and its key."""
    client = AIOKafkaConsumer(bootstrap_servers=settings.kafka_bootstrap_servers)
    await client.start()
    try:
        [declaration] = [each for each in declared() if each.name == topic]
        partitions = [TopicPartition(topic, number) for number in range(declaration.partitions)]
        client.assign(partitions)
        await client.seek_to_beginning(*partitions)
        records: list[Any] = []
        for partition, end in (await client.end_offsets(partitions)).items():
            while await client.position(partition) < end:
                records += (await client.getmany(partition, timeout_ms=200)).get(partition, [])
    finally:
        await client.stop()
    facts = [(record.key.decode(), read(record.value)) for record in records]
    for key, fact in facts:
        assert key == fact.subject
        CATALOGUE[fact.type].model_validate(fact.data)
    return [fact for _, fact in facts if fact.tenant == tenant]
