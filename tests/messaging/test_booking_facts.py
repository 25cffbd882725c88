"""Booking's two halves on real Kafka: what the API committed is published in order, whenever the worker comes."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest_asyncio
from aiokafka import AIOKafkaConsumer, TopicPartition
from sqlalchemy import text

from deploy.kafka.topics import declared
from services.booking.main import create_app
from services.booking.worker import create_worker
from shared.database import Database
from shared.settings import Settings
from shared.tenancy import EVERY_TENANT
from tests.messaging.stage import running
from tests.service.booking.centre import Centre, in_days
from tests.support.databases import Databases
from tests.support.people import fresh_tenant, jwks
from tests.support.waiting import eventually


@pytest_asyncio.fixture
async def booking_settings(make_database: Databases, bootstrap_servers: str) -> Settings:
    url = await make_database.fresh("booking")
    return Settings(database_url=url, kafka_bootstrap_servers=bootstrap_servers, jwks=jwks())


@pytest_asyncio.fixture
async def centre(booking_settings: Settings) -> AsyncIterator[Centre]:
    app = create_app(booking_settings)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://booking") as client:
        yield Centre(client, app.state.database, fresh_tenant())
    await app.state.database.dispose()


async def test_what_was_booked_while_nobody_relayed_is_published_in_order_and_the_person_is_forgotten(
    centre: Centre, booking_settings: Settings
) -> None:
    resource = await centre.resource()
    booking = await centre.booking(resource, in_days(1), "09:00", "09:30")
    await centre.cancel_with(booking)
    contact_id = (await centre.stated(booking["id"]))[0]["data"]["contact_id"]

    async with running(create_worker(booking_settings).run):
        await eventually(lambda: everything_is_sent(centre.database))

    facts = await records(booking_settings, "booking.events", booking["id"])
    assert [(fact["type"].split(".")[3], fact["sequence"]) for fact in facts] == [
        ("requested", 1),
        ("confirmed", 2),
        ("cancelled", 3),
    ]
    [shared] = await records(booking_settings, "contacts", contact_id)
    assert shared["data"]["email"] == "amina@example.com"
    assert shared["data"]["manage_url"].endswith(f"#{booking['id']}.{booking['manage_token']}")
    async with centre.database.transaction(EVERY_TENANT) as session:
        connection = await session.connection()
        kept = await connection.execute(text("select topic, count(*) from outbox group by topic"))
        assert [tuple(row) for row in kept] == [("booking.events", 4)]


async def everything_is_sent(database: Database) -> bool:
    async with database.transaction(EVERY_TENANT) as session:
        waiting = await (await session.connection()).execute(text("select 1 from outbox where sent_at is null"))
        return waiting.first() is None


async def records(settings: Settings, topic: str, key: str) -> list[dict[str, Any]]:
    """What lies on the topic about one thing, in order."""
    client = AIOKafkaConsumer(bootstrap_servers=settings.kafka_bootstrap_servers)
    await client.start()
    try:
        [declaration] = [each for each in declared() if each.name == topic]
        partitions = [TopicPartition(topic, number) for number in range(declaration.partitions)]
        client.assign(partitions)
        await client.seek_to_beginning(*partitions)
        found = []
        for partition, end in (await client.end_offsets(partitions)).items():
            while await client.position(partition) < end:
                batch = await client.getmany(partition, timeout_ms=200)
                found += [each for each in batch.get(partition, []) if each.key == key.encode()]
        return [json.loads(each.value or b"null") for each in found]
    finally:
        await client.stop()
