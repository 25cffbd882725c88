"""Plans that change while the system runs, and numbers that the log confirms: real Kafka, real PostgreSQL."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest_asyncio
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from sqlalchemy import text

from services.kpi import repository as adopted
from services.kpi.ingest.offsets import positions
from services.kpi.main import create_app
from services.kpi.worker import create_worker
from shared.database import Database
from shared.events.bookings import BookingCancelled, BookingConfirmed
from shared.events.directory import MembershipEnded, MembershipStarted
from shared.events.envelope import Event, wrap
from shared.events.web import PageViewed
from shared.settings import Settings
from shared.tenancy import EVERY_TENANT
from tests.messaging.stage import running
from tests.service.kpi.test_versions import PLAN, TALKS, town
from tests.support.databases import Databases
from tests.support.people import bearer, fresh_tenant, jwks
from tests.support.waiting import PATIENCE, eventually

Json = dict[str, Any]
VISITS = """
  - id: "2.1"
    theme: "1"
    statement: "Besøg"
    statement_en: "Visits"
    target: 100
    unit: "besøg"
    unit_en: "visits"
    measured_by: "optælling"
    source: live
    period: {start: 2023-01-01, end: 2023-12-31}
    measure: {kind: unique, of: page.viewed, unique: [page, visitor]}
"""
MEMBERS = """
  - id: "3.1"
    theme: "1"
    statement: "Medlemmer"
    statement_en: "Members"
    target: 50
    unit: "medlemmer"
    unit_en: "members"
    measured_by: "optælling"
    source: live
    due: 2023-12-31
    measure: {kind: stock, of: membership.started, minus: membership.ended}
"""
ORGANISATIONS = """
  - id: "3.2"
    theme: "1"
    statement: "Nye foreninger"
    statement_en: "New associations"
    target: 50
    unit: "foreninger"
    unit_en: "associations"
    measured_by: "optælling"
    source: live
    period: {start: 2023-01-01, end: 2023-12-31}
    measure: {kind: distinct, of: membership.started, distinct_by: organisation_id, first: true}
"""
EVERY = (TALKS, VISITS, MEMBERS, ORGANISATIONS)
TOPICS = ("booking.events", "directory.events", "web.events")
GOALS = ("1.1", "2.1", "3.1", "3.2")
FACTS = 10_000
"""About so many in the recorded log; `python -m benchmarks.kpi_replay` tells a longer one."""
NEW_YEAR = datetime(2023, 1, 1, 11, tzinfo=UTC)
STORED = (
    "select goal, part, dimension, value, as_of, events from tallies"
    " where tenant = :tenant and events > 0 order by 1, 2, 3",
    "select goal, part, dimension, event_id, time, amount from evidence where tenant = :tenant order by 1, 2, 3, 4",
)


def talk(resource: UUID, *, cancelled: bool = False, kind: str = "conversation") -> Event:
    data = {
        "resource_id": resource,
        "resource_kind": kind,
        "purpose": "volunteering",
        "channel": "self",
        "starts_at": NEW_YEAR,
        "ends_at": NEW_YEAR,
    }
    return BookingCancelled(**data, cancelled_by="citizen") if cancelled else BookingConfirmed(**data)


class Kpi:
    """A whole KPI of its own: API, worker and the log it reads."""

    def __init__(
        self,
        settings: Settings,
        client: httpx2.AsyncClient,
        producer: AIOKafkaProducer,
        tenant: str,
        database: Database,
    ) -> None:
        self.settings, self.client, self.producer = settings, client, producer
        self.tenant, self.database = tenant, database

    async def tell(self, *told: bytes, topic: str = "booking.events", key: str = "") -> None:
        for each in told:
            await self.producer.send(topic, each, key=(key or uuid4().hex).encode())
        await self.producer.flush()

    def wrapped(self, event: Event, subject: UUID | str, sequence: int = 1, *, days: int = 120) -> bytes:
        time = NEW_YEAR + timedelta(days=days)
        return wrap(event, tenant=self.tenant, subject=subject, sequence=sequence, time=time).to_bytes()

    async def talked(self, times: int, *, days: int = 120) -> list[UUID]:
        subjects = [uuid4() for _ in range(times)]
        for subject in subjects:
            await self.tell(self.wrapped(talk(uuid4()), subject, 2, days=days), key=str(subject))
        return subjects

    async def cancel(self, subject: UUID) -> None:
        await self.tell(self.wrapped(talk(uuid4(), cancelled=True), subject, 3), key=str(subject))

    async def put(self, plan: str, **query: Any) -> Json:
        headers = bearer(self.tenant) | {"content-type": "text/yaml"}
        url = f"/kpi/{self.tenant}/plans/{PLAN}"
        answer = await self.client.put(url, content=plan.encode(), headers=headers, params=query, timeout=60)
        assert answer.status_code in (200, 201), answer.text
        return dict(answer.json())

    async def get(self, path: str) -> Json:
        answer = await self.client.get(f"/kpi/{self.tenant}/plans/{PLAN}{path}", headers=bearer(self.tenant))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def post(self, path: str, body: Json | None = None) -> Json:
        url = f"/kpi/{self.tenant}/plans/{PLAN}{path}"
        answer = await self.client.post(url, json=body or {}, headers=bearer(self.tenant), timeout=60)
        assert answer.is_success, answer.text
        return dict(answer.json())

    async def recount(self, goal: str) -> Json:
        return await self.post(f"/goals/{goal}/recount")

    async def says(self, goal: str, value: float) -> None:
        async def agrees() -> None:
            found = await self.get(f"/goals/{goal}")
            assert (found["status"], found["value"]) == ("live", value)

        await eventually(agrees)

    async def caught_up(self) -> None:
        """Every goal has its history, and everything that is in the log by now was read."""
        async with self.database.transaction(EVERY_TENANT) as session:
            assert await adopted.backfilling(session) == []
            read = await positions(session)
        consumer = AIOKafkaConsumer(*TOPICS, bootstrap_servers=self.settings.kafka_bootstrap_servers)
        await consumer.start()
        try:
            places = [TopicPartition(topic, n) for topic in TOPICS for n in consumer.partitions_for_topic(topic) or ()]
            assert {each: read.get(each, 0) for each in places} == await consumer.end_offsets(places)
        finally:
            await consumer.stop()

    async def stored(self) -> list[Any]:
        async with self.database.transaction(self.tenant) as session:
            connection = await session.connection()
            return [
                tuple(row) for sql in STORED for row in await connection.execute(text(sql), {"tenant": self.tenant})
            ]


@asynccontextmanager
async def an_empty_kpi(databases: Databases, kafka: str, tenant: str) -> AsyncIterator[Kpi]:
    settings = Settings(database_url=await databases.fresh("kpi"), kafka_bootstrap_servers=kafka, jwks=jwks())
    app = create_app(settings)
    producer = AIOKafkaProducer(bootstrap_servers=kafka)
    await producer.start()
    transport = httpx2.ASGITransport(app)
    try:
        async with (
            app.router.lifespan_context(app),
            httpx2.AsyncClient(transport=transport, base_url="http://kpi") as client,
        ):
            yield Kpi(settings, client, producer, tenant, app.state.database)
    finally:
        await producer.stop()


@pytest_asyncio.fixture
async def kpi(make_database: Databases, bootstrap_servers: str) -> AsyncIterator[Kpi]:
    async with an_empty_kpi(make_database, bootstrap_servers, fresh_tenant()) as kpi:
        yield kpi


async def test_a_goal_put_into_a_running_system_has_every_fact_ever_told(kpi: Kpi) -> None:
    subjects = await kpi.talked(6)
    await kpi.cancel(subjects[0])
    async with running(create_worker(kpi.settings).run):
        await kpi.put(town(VISITS))
        await kpi.says("2.1", 0)

        await kpi.put(town(VISITS, TALKS))
        await kpi.says("1.1", 5)
        await kpi.talked(2)
        await kpi.says("1.1", 7)

        found = await kpi.recount("1.1")
    assert (found["equal"], found["stored"], found["recounted"]) == (True, 7, 7)
    assert (found["numbers"], found["facts"]) == ([], [])
    receipt = found["receipt"]
    assert (receipt["definition_version"], receipt["counted"], receipt["retracted"]) == (2, 9, 1)
    assert {each["topic"] for each in receipt["partitions"]} == {"booking.events"}
    records = sum(each["to"] - each["from"] for each in receipt["partitions"])
    assert receipt["ignored"] == records - 9


async def test_a_dry_run_tells_what_a_value_would_become_and_touches_nothing(kpi: Kpi) -> None:
    await kpi.talked(3)
    subject = uuid4()
    await kpi.tell(kpi.wrapped(talk(uuid4(), kind="room"), subject), key=str(subject))
    rooms = TALKS.replace("conversation}", "room}")
    async with running(create_worker(kpi.settings).run):
        await kpi.put(town(TALKS))
        await kpi.says("1.1", 3)

        async def foreseen() -> Any:
            found = await kpi.put(town(rooms, MEMBERS), dry_run=True)
            # It tells of what live counting has read; the room lies in a partition of its own.
            assert found["changes"][0]["would_be"] == 1
            return found

        found = await eventually(foreseen)
        before = await kpi.stored()
        again = await kpi.put(town(rooms, MEMBERS), dry_run=True)

        assert found == again
        assert (found["values_known"], found["adopted"], found["wants_reason"]) == (True, False, True)
        assert [(each["goal"], each["value"], each["would_be"]) for each in found["changes"]] == [
            ("1.1", 3, 1),
            ("3.1", None, 0),
        ]
        assert await kpi.stored() == before
        await kpi.put(town(rooms, MEMBERS), reason="Lokaler")
        await kpi.says("1.1", 1)
        assert (await kpi.recount("1.1"))["equal"]


async def test_a_recount_names_what_the_log_does_not_confirm(kpi: Kpi) -> None:
    await kpi.talked(3)
    async with running(create_worker(kpi.settings).run):
        await kpi.put(town(TALKS))
        await kpi.says("1.1", 3)
    stranger = uuid4()
    forged = (
        "insert into receipts (tenant, number, event_id, type, time, amount)"
        " select tenant, number, :stranger, 'made.up', now(), 1 from tallies where goal = '1.1'"
    )
    async with kpi.database.transaction(kpi.tenant) as session:
        connection = await session.connection()
        await connection.execute(text("update tallies set value = 4, events = 4 where goal = '1.1'"))
        await connection.execute(text(forged), {"stranger": stranger})

    found = await kpi.recount("1.1")

    assert (found["equal"], found["stored"], found["recounted"]) == (False, 4, 3)
    assert [(each["stored"]["value"], each["recounted"]["value"]) for each in found["numbers"]] == [(4, 3)]
    assert [(each["event_id"], each["stored"], each["recounted"]) for each in found["facts"]] == [
        (str(stranger), 1, None)
    ]
    assert (await kpi.get("/goals/1.1"))["value"] == 4


async def test_repeats_are_told_by_a_recount_and_late_facts_by_the_receipt(kpi: Kpi) -> None:
    told, subject = kpi.wrapped(talk(uuid4()), subject := uuid4(), 2), subject
    await kpi.tell(told, told, told, key=str(subject))
    async with running(create_worker(kpi.settings).run):
        await kpi.put(town(TALKS))
        await kpi.says("1.1", 1)

        receipt = (await kpi.get("/goals/1.1/evidence"))["receipt"]
        found = (await kpi.recount("1.1"))["receipt"]

    assert (receipt["ignored"], receipt["duplicate"]) == (None, None)
    assert found["duplicate"] == 2
    # Told today about the year 2023.
    assert (receipt["counted"], receipt["late"]) == (1, 1)


async def test_a_recorded_log_shuffled_repeated_and_replayed_gives_the_same_numbers_and_receipts(
    make_database: Databases, bootstrap_servers: str
) -> None:
    plain, shuffled = await told_twice(make_database, bootstrap_servers, FACTS)

    assert plain == shuffled
    assert plain[0] == [True] * 4
    assert all(value for _, value, *_ in plain[1])


async def told_twice(databases: Databases, kafka: str, facts: int, patience: float = PATIENCE) -> list[Any]:
    """What two empty KPIs make of the same recorded log: as it was told, and shuffled with repeats.

    The order within a key stays, because Kafka keeps it.
    """
    chance = random.Random(20231121)
    first, second = fresh_tenant(), fresh_tenant()
    lives: list[list[tuple[str, str, Event, str, int, int]]] = []
    for _ in range(facts * 25 // 100):
        subject, days = str(uuid4()), chance.randrange(-60, 420)
        life = [("booking.events", subject, talk(uuid4()), subject, 2, days)]
        if chance.random() < 0.2:
            life.append(("booking.events", subject, talk(uuid4(), cancelled=True), subject, 3, days + 3))
        lives.append(life)
    for _ in range(facts * 15 // 100):
        organisation, days = UUID(int=chance.randrange(1, facts // 25)), chance.randrange(-400, 420)
        subject, data = (
            str(uuid4()),
            {"organisation_id": organisation, "organisation_kind": "association", "kind": "member"},
        )
        started = MembershipStarted(**data, started_on="2023-01-01")
        life = [("directory.events", subject, started, subject, 1, days)]
        if chance.random() < 0.5:
            life.append(
                ("directory.events", subject, MembershipEnded(**data, ended_on="2023-06-01"), subject, 2, days + 60)
            )
        lives.append(life)
    for _ in range(facts * 45 // 100):
        visitor = f"{chance.randrange(facts * 8 // 100):032x}"
        view = PageViewed(site="socialkompas", page=f"/{chance.randrange(3)}", visitor=visitor)
        lives.append([("web.events", visitor, view, visitor, 1, chance.randrange(-60, 420))])
    ids: dict[int, UUID] = {}

    def record(tenant: str, step: tuple[str, str, Event, str, int, int]) -> tuple[str, str, bytes]:
        topic, key, event, subject, sequence, days = step
        time = NEW_YEAR + timedelta(days=days)
        fact = ids.setdefault(id(step), uuid4())
        # An event's id is unique in the world, so the second centre's story has ids of its own, in the same order.
        own = fact if tenant == first else UUID(int=fact.int ^ 1)
        told = wrap(event, tenant=tenant, subject=subject, sequence=sequence, time=time, id=own, recorded=time)
        return topic, key, told.to_bytes()

    plain = [step for life in lives for step in life]
    turns = [number for number, life in enumerate(lives) for _ in life]
    chance.shuffle(turns)
    waiting = [iter(life) for life in lives]
    shuffled = [next(waiting[number]) for number in turns]
    for _ in range(5):
        start = chance.randrange(len(shuffled) - 300)
        shuffled = shuffled[: start + 600] + shuffled[start : start + 300] + shuffled[start + 600 :]
    assert len(plain) > facts * 0.9

    found: list[Any] = []
    for tenant, story in ((first, plain), (second, shuffled)):
        async with an_empty_kpi(databases, kafka, tenant) as kpi:
            for step in story:
                topic, key, told = record(tenant, step)
                await kpi.producer.send(topic, told, key=key.encode())
            await kpi.producer.flush()
            await kpi.put(town(*EVERY))
            async with running(create_worker(kpi.settings).run):
                await eventually(kpi.caught_up, patience)
            recounts = [(await kpi.recount(goal))["equal"] for goal in GOALS]
            goals = (await kpi.get("/goals"))["items"]
            stood = [(goal["id"], goal["value"], goal["events"], goal["result"], goal["time"]) for goal in goals]
            receipts = [
                (*row[:3], UUID(int=row[3].int ^ (0 if tenant == first else 1)), *row[4:])
                if isinstance(row[3], UUID)
                else row
                for row in await kpi.stored()
            ]
            found.append((recounts, stood, _without_which_view(receipts)))
    return found


def _without_which_view(rows: list[Any]) -> Any:
    """A visit's receipt names whichever of its views came first; which one that is, the shuffle decides."""
    visits = [row for row in rows if row[0] == "2.1"]
    others = [row for row in rows if row[0] != "2.1"]
    return sorted(others, key=str), len(visits), [row[3] for row in visits if not isinstance(row[3], UUID)]


async def test_a_report_of_the_summer_knows_nothing_of_the_autumn_but_of_what_came_late(kpi: Kpi) -> None:
    await kpi.talked(4, days=100)
    await kpi.talked(3, days=250)
    async with running(create_worker(kpi.settings).run):
        await kpi.put(town(TALKS, MEMBERS))
        await kpi.says("1.1", 7)
        report = await kpi.post("/reports", {"reporting_date": "2023-06-30"})
        await kpi.talked(2, days=300)
        await kpi.says("1.1", 9)
        same = await kpi.get(f"/reports/{report['id']}")
        late = uuid4()
        await kpi.tell(kpi.wrapped(talk(uuid4()), late, 2, days=90), key=str(late))
        await kpi.says("1.1", 10)
        restated = await kpi.get(f"/reports/{report['id']}")

    assert [goal["value"] for goal in report["goals"]] == [4, 0]
    assert same == report
    assert restated["goals"] == report["goals"]
    (found,) = restated["restatements"]
    assert (found["goal"], found["causes"], found["before"], found["after"]) == ("1.1", ["late_fact"], 4, 5)
    assert len(found["facts"]) == 1
