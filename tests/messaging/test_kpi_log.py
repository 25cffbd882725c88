"""KPI's worker on a real Kafka and PostgreSQL: what the log holds is what the goals say, whatever happens."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from sqlalchemy import text

from deploy.kafka.topics import create_topics
from services.kpi import repository as adopted
from services.kpi.adoption import adopt
from services.kpi.goals.changes import announce
from services.kpi.goals.usecases import goal_of
from services.kpi.ingest import usecases
from services.kpi.ingest.backfill import Backfill
from services.kpi.ingest.replay import read_log_again
from services.kpi.observations.schemas import NewObservation
from services.kpi.observations.usecases import record
from services.kpi.worker import create_worker
from shared.auth import Principal, Role
from shared.database import Database
from shared.events.bookings import BookingCancelled, BookingConfirmed
from shared.events.envelope import Event, wrap
from shared.events.web import PageViewed
from shared.messaging.dead_letters import find
from shared.messaging.worker import Worker
from shared.settings import Settings
from shared.tenancy import EVERY_TENANT
from tests.messaging.stage import running
from tests.support.databases import Databases
from tests.support.people import fresh_tenant
from tests.support.waiting import eventually
from tests.unit.kpi.cast import odense

PLAN = "odense-2023"
TALLIES = "select goal, part, dimension, value, as_of, events from tallies where events > 0 order by 1, 2, 3"
RECEIPTS = "select goal, part, dimension, event_id, time, amount from evidence order by 1, 2, 3, 4"
IN_MAY = datetime(2023, 5, 1, 11, tzinfo=UTC)


class Town:
    """A centre, the log that everybody writes to, and KPI's worker that reads it."""

    def __init__(self, settings: Settings, database: Database, producer: AIOKafkaProducer) -> None:
        self.settings, self.database, self._producer = settings, database, producer
        self.tenant = fresh_tenant()

    async def adopt(self) -> None:
        async with self.database.transaction(self.tenant) as session:
            await adopt(session, self.tenant, odense(), 2023)

    def working(self) -> AbstractAsyncContextManager[Any]:
        return running(self.worker().run)

    def worker(self) -> Worker:
        return create_worker(self.settings)

    async def tell(self, event: Event, subject: UUID | str, sequence: int = 1, id: UUID | None = None) -> bytes:
        told = wrap(event, tenant=self.tenant, subject=subject, sequence=sequence, time=IN_MAY, id=id).to_bytes()
        await self.put(event.TOPIC, told, str(subject))
        return told

    async def put(self, topic: str, value: bytes, key: str) -> None:
        await self._producer.send_and_wait(topic, value, key=key.encode())

    async def lose(self, topic: str) -> None:
        """The topic and all that was on it are gone; an empty one is put in its place."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.settings.kafka_bootstrap_servers)
        await admin.start()
        try:
            await admin.delete_topics([topic])
            await asyncio.sleep(1)
        finally:
            await admin.close()
        await create_topics(self.settings.kafka_bootstrap_servers)

    async def talk(self, *, cancelled: bool = False, subject: UUID | None = None) -> UUID:
        subject = subject or uuid4()
        data = {
            "resource_id": uuid4(),
            "resource_kind": "conversation",
            "purpose": "volunteering",
            "channel": "self",
            "starts_at": IN_MAY,
            "ends_at": IN_MAY,
        }
        await self.tell(BookingConfirmed(**data), subject, 2)
        if cancelled:
            await self.tell(BookingCancelled(**data, cancelled_by="citizen"), subject, 3)
        return subject

    async def view(self, visitor: int) -> None:
        name = f"{visitor:032x}"
        await self.tell(PageViewed(site="socialkompas", page="/", visitor=name), name)

    async def value(self, goal: str = "A.1") -> float | None:
        async with self.database.transaction(self.tenant) as session:
            found = (await goal_of(session, self.tenant, PLAN, goal)).value
            return None if found is None else float(found)

    async def says(self, value: float | None, goal: str = "A.1") -> None:
        async def agrees() -> None:
            assert await self.value(goal) == value

        await eventually(agrees)

    async def has_read(self, events: int, goal: str = "A.1") -> None:
        async def agrees() -> None:
            async with self.database.transaction(self.tenant) as session:
                assert (await goal_of(session, self.tenant, PLAN, goal)).events == events

        await eventually(agrees)

    async def live(self) -> None:
        async def whole() -> None:
            async with self.database.transaction(EVERY_TENANT) as session:
                assert await adopted.backfilling(session) == []

        await eventually(whole)

    async def snapshot(self) -> list[Any]:
        """Every number and every receipt, without when they were stored."""
        async with self.database.transaction(self.tenant) as session:
            connection = await session.connection()
            tallies = await connection.execute(
                text(
                    "select goal, part, dimension, value, as_of, events from tallies where events > 0 order by 1, 2, 3"
                )
            )
            receipts = await connection.execute(
                text("select goal, part, dimension, event_id, time, amount from evidence order by 1, 2, 3, 4")
            )
            return [*tallies, *receipts]


@pytest_asyncio.fixture
async def town(make_database: Databases, bootstrap_servers: str) -> AsyncIterator[Town]:
    url = await make_database.fresh("kpi")
    settings = Settings(database_url=url, kafka_bootstrap_servers=bootstrap_servers)
    database = Database(url)
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap_servers)
    await producer.start()
    yield Town(settings, database, producer)
    await producer.stop()
    await database.dispose()


async def test_facts_count_as_they_are_told_and_repeats_and_strangers_change_nothing(town: Town) -> None:
    await town.adopt()
    async with town.working():
        await town.live()
        first = await town.tell(PageViewed(site="socialkompas", page="/", visitor="0" * 32), "0" * 32)
        await town.talk()
        await town.talk(cancelled=True)
        await town.has_read(3)
        await town.says(1)

        await town.put("web.events", first, "0" * 32)
        await town.put("booking.events", first.replace(b"page.viewed.v1", b"page.viewed.v7"), "someone")
        await town.view(1)
        await town.says(2, "2.1")
        await town.talk()
        await town.says(2)


async def test_garbage_on_a_topic_is_buried_and_the_next_fact_counts(town: Town) -> None:
    await town.adopt()
    key = uuid4().hex
    async with town.working():
        await town.live()
        await town.put("booking.events", b"\xff garbage", key)
        await town.put("booking.events", b'{"type": "kompas.booking.booking.confirmed.v1"}', key)
        await town.talk()
        await town.says(1)

        async def buried() -> None:
            assert [stone.kind for stone in await find(town.database) if stone.key == key] == ["undecodable", "invalid"]

        await eventually(buried)


async def test_kpis_own_facts_go_the_long_way_round(town: Town) -> None:
    await town.adopt()
    async with town.working():
        await town.live()
        async with town.database.transaction(town.tenant) as session:
            new = NewObservation.model_validate(
                {"series": "facebook_followers", "value": 7, "observed_on": "2023-05-01"}
            )
            await record(session, town.tenant, new, Principal(town.tenant, Role.STAFF, "åse"))

        await town.says(7, "K.2")


async def test_a_worker_killed_again_and_again_counts_everything_once(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.adopt()
    async with town.working():
        await town.live()
    for _ in range(20):
        await town.talk()
    for visitor in range(20):
        await town.view(visitor)
    deaths = iter(range(3))

    async def dies_a_few_times(*arguments: Any) -> None:
        """After everything was written, and before it is committed."""
        if next(deaths, None) is not None:
            raise ConnectionError("the database is gone")
        await announce(*arguments)

    monkeypatch.setattr(usecases, "announce", dies_a_few_times)
    async with town.working():
        await town.says(20)
    for _ in range(5):
        await town.talk()

    async with town.working():
        await town.says(25)
        await town.says(20, "2.1")


async def test_the_whole_log_read_again_changes_nothing(town: Town) -> None:
    await town.adopt()
    async with town.working():
        await town.live()
        for number in range(6):
            await town.talk(cancelled=number % 2 == 0)
            await town.view(number)
        await town.has_read(9)  # Three is also what it says for a moment between a booking and its cancellation.
        await town.says(3)
        await town.says(6, "2.1")
    before = await town.snapshot()
    assert before

    await read_log_again(town.database)
    async with town.working():
        await town.talk()
        await town.says(4)

    after = await town.snapshot()
    assert [row for row in before if row not in after] == [row for row in before if row[:3] == ("A.1", "", "")][:1]
    assert len(after) == len(before) + 1


async def test_a_worker_that_runs_reads_the_log_again_when_it_is_told_to(town: Town) -> None:
    await town.adopt()
    async with town.working():
        await town.live()
        for _ in range(3):
            await town.talk()
        await town.says(3)
        before = await town.snapshot()

        await read_log_again(town.database)
        for _ in range(30):
            await town.talk()
        await town.says(33)

        after = await town.snapshot()
        assert [row for row in before if row[:3] != ("A.1", "", "") and row not in after] == []


async def test_a_log_that_was_lost_and_rebuilt_is_read_from_its_new_beginning(town: Town) -> None:
    await town.adopt()
    async with town.working():
        await town.live()
        told = [await town.talk() for _ in range(12)]
        await town.says(12)

    await town.lose("booking.events")
    for subject in told[:3]:
        await town.talk(subject=subject)
    for _ in range(4):
        await town.talk()
    await read_log_again(town.database)

    async with town.working():
        await town.says(16)


async def test_a_plan_adopted_late_has_every_fact_ever_told(town: Town) -> None:
    async with town.working():
        for _ in range(5):
            await town.talk()
        for visitor in range(7):
            await town.view(visitor)
        await town.adopt()
        await town.says(5)
        await town.says(7, "2.1")
        await town.live()

        await town.talk()
        await town.says(6)


async def test_a_history_broken_off_is_read_again_from_its_beginning(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        await town.talk()
    async with town.working():
        await town.adopt()
        await town.says(5)
    async with town.database.transaction(EVERY_TENANT) as session:
        await (await session.connection()).execute(text("update goals set status = 'backfilling' where goal = 'A.1'"))
        await adopted.change_version(session)
    counting, deaths = Backfill._count, iter(range(2))

    async def dies(self: Any, *arguments: Any) -> None:
        await counting(self, *arguments)
        if next(deaths, None) is not None:
            raise ConnectionError("the database is gone")

    monkeypatch.setattr(Backfill, "_count", dies)
    async with town.working():
        await town.talk()
        await town.live()
        await town.says(6)


async def test_facts_told_while_a_history_is_read_are_neither_lost_nor_doubled(town: Town) -> None:
    for _ in range(10):
        await town.talk()
    async with town.working():
        await town.adopt()
        for _ in range(30):
            await town.talk()
        await town.live()
        await town.says(40)
