"""Notify on real Kafka: what it hears, what it mails, and what nothing of it makes it mail twice."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
import pytest_asyncio
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.engine import make_url

from services.notify.settings import NotifySettings
from services.notify.worker import create_worker
from shared.clock import now
from shared.database import Database
from shared.events.bookings import BookingCancelled, BookingConfirmed
from shared.events.contacts import ContactShared
from shared.events.envelope import Event, wrap
from shared.events.freshness import AssuranceRequested
from shared.ids import uuid7
from shared.messaging.dead_letters import find
from tests.messaging.stage import running
from tests.service.notify.office import MailServer
from tests.support.databases import Databases
from tests.support.kafka import read_up_to_here
from tests.support.people import fresh_tenant
from tests.support.waiting import eventually

LINK = "https://kompas.example/booking/odense/manage#1.t0ken"


@dataclass
class Town:
    """A tenant whose bookings notify hears, and the folder that its mails fall into."""

    settings: NotifySettings
    database: Database
    kafka: AIOKafkaProducer
    tenant: str

    # Saying

    @property
    def amina(self) -> ContactShared:
        """Her address in this town, by which its mails are known."""
        return ContactShared(name="Amina Ærø", email=f"amina@{self.tenant}.dk", language="da", manage_url=LINK)

    def event(self, event: Event, subject: UUID, sequence: int = 2) -> bytes:
        return wrap(event, tenant=self.tenant, subject=subject, sequence=sequence, time=now()).to_bytes()

    async def put(self, topic: str, key: UUID, value: bytes | None, times: int = 1) -> None:
        headers = [("ce_id", str(uuid7()).encode())]
        for _ in range(times):
            await self.kafka.send_and_wait(topic, value, key=str(key).encode(), headers=headers)

    async def share(self, contact: UUID, times: int = 1) -> None:
        await self.put("contacts", contact, self.event(self.amina, contact, 1), times)

    async def book(self, contact: UUID, times: int = 1) -> UUID:
        booking = uuid7()
        await self.put("booking.events", booking, self.event(self.booked(contact), booking), times)
        return booking

    async def cancel(self, booking: UUID, contact: UUID, times: int = 1) -> None:
        cancelled = BookingCancelled(**self.booked(contact).model_dump(), cancelled_by="citizen")
        await self.put("booking.events", booking, self.event(cancelled, booking, 3), times)

    def booked(self, contact: UUID) -> BookingConfirmed:
        starts_at = now() + timedelta(days=1)
        return BookingConfirmed(
            resource_id=uuid7(),
            resource_kind="conversation",
            purpose="seeking_community",
            channel="self",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=30),
            contact_id=contact,
        )

    # Looking

    @asynccontextmanager
    async def working(self, *, relay: bool = True) -> AsyncIterator[None]:
        worker = create_worker(self.settings)
        if not relay:
            worker.relay = None
        async with running(worker.run):
            yield

    def mails(self) -> list[EmailMessage]:
        assert self.settings.mailbox
        found = sorted(self.settings.mailbox.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in found]
        return [mail for mail in mails if mail["To"] == self.amina.email]

    def subjects(self) -> list[str]:
        return [mail["Subject"] for mail in self.mails()]

    def has_mails(self, *subjects: str) -> None:
        assert self.subjects() == list(subjects)

    async def rows(self, query: str) -> list[Any]:
        """Row-level security leaves out what other tests have put on the topics."""
        async with self.database.transaction(self.tenant) as session:
            return [tuple(row) for row in await (await session.connection()).execute(text(query))]

    async def has_rows(self, query: str, *expected: Any) -> bool:
        return await self.rows(query) == list(expected)

    async def published(self) -> list[str]:
        """The types of all records on notify.events that are this town's."""
        reader = AIOKafkaConsumer(
            "notify.events",
            bootstrap_servers=self.settings.kafka_bootstrap_servers,
            group_id=None,
            auto_offset_reset="earliest",
        )
        await reader.start()
        try:
            found: list[str] = []
            ends = await reader.end_offsets(reader.assignment())
            while [end for partition, end in ends.items() if await reader.position(partition) < end]:
                for records in (await reader.getmany(timeout_ms=200)).values():
                    documents = [json.loads(record.value) for record in records]
                    found += [each["type"] for each in documents if each["tenant"] == self.tenant]
            return found
        finally:
            await reader.stop()


@pytest_asyncio.fixture
async def town(make_database: Databases, bootstrap_servers: str, tmp_path: Path) -> AsyncIterator[Town]:
    settings = NotifySettings(
        database_url=await make_database.fresh("notify"),
        kafka_bootstrap_servers=bootstrap_servers,
        mailbox=tmp_path / "mailbox",
        mail_from="Frivilligcenter Odense <kompas@example.dk>",
    )
    heard = ("notify.contacts", "notify.booking.events", "notify.directory.events", "notify.kpi.events")
    await read_up_to_here(bootstrap_servers, *heard)
    database, kafka = Database(settings.database_url), AIOKafkaProducer(bootstrap_servers=bootstrap_servers)
    await kafka.start()
    yield Town(settings, database, kafka, fresh_tenant())
    await kafka.stop()
    await database.dispose()


PUBLISHED = "select count(*) from outbox where sent_at is not null"
CONFIRMED, CANCELLED = "Din aftale er bekræftet", "Din aftale er aflyst"


async def test_a_booking_and_its_cancellation_are_two_mails_however_often_they_are_told(town: Town) -> None:
    contact = uuid7()

    async with town.working():
        await town.share(contact, times=2)
        booking = await town.book(contact, times=2)
        await town.cancel(booking, contact, times=2)
        await eventually(lambda: town.has_mails(CONFIRMED, CANCELLED))
        await eventually(lambda: town.has_rows(PUBLISHED, (2,)))
        # A last one, so that everything before it has been read.
        await town.book(contact)
        await eventually(lambda: town.has_mails(CONFIRMED, CANCELLED, CONFIRMED))
        await eventually(lambda: town.has_rows(PUBLISHED, (3,)))

    for mail in town.mails():
        said = mail.as_string() + mail.get_content()
        assert not any(word in said for word in ("community", "fællesskab", "samtale", "conversation", "Amina"))
    assert await town.published() == ["kompas.notify.message.sent.v1"] * 3


async def test_a_booking_that_is_heard_before_its_contact_is_mailed_when_the_contact_is_known(town: Town) -> None:
    contact = uuid7()

    async with town.working():
        await town.book(contact)
        await eventually(lambda: town.has_rows("select state, attempts from deliveries", ("pending", 0)))
        assert town.mails() == []
        await town.share(contact)
        await eventually(lambda: town.has_mails(CONFIRMED))


async def test_an_owner_of_entries_is_asked_once_however_often_it_is_told(town: Town) -> None:
    contact, letter = uuid7(), uuid7()
    asked = town.event(AssuranceRequested(contact_id=contact, entries=2), letter)

    async with town.working():
        await town.put("directory.events", letter, asked, times=2)
        await town.share(contact)
        await eventually(lambda: town.has_mails("Passer det stadig?"))
        # A last one, so that everything before it has been read.
        another = uuid7()
        fact = town.event(AssuranceRequested(contact_id=contact, entries=1), another)
        await town.put("directory.events", another, fact)
        await eventually(lambda: len(town.mails()) >= 2)

    assert town.subjects() == ["Passer det stadig?"] * 2
    assert f"{LINK}.still_right" in town.mails()[0].get_content()


async def test_strangers_and_poison_change_nothing_and_the_next_booking_is_mailed(town: Town) -> None:
    contact, stranger = uuid7(), uuid7()
    unknown = json.loads(town.event(town.booked(contact), stranger))
    unknown["type"] = "kompas.booking.booking.dreamt_of.v1"
    nameless = json.loads(town.event(town.booked(contact), stranger))
    nameless["subject"] = "the-booking-of-amina"
    broken = json.loads(town.event(town.amina, stranger))
    broken["data"]["email"] = "no address"

    async with town.working():
        await town.put("booking.events", stranger, json.dumps(unknown).encode())
        await town.put("booking.events", stranger, json.dumps(nameless).encode())
        await town.put("booking.events", stranger, b"\xff\x00 garbage")
        await town.put("contacts", stranger, json.dumps(broken).encode())
        await town.share(contact)
        await town.book(contact)
        await eventually(lambda: town.has_mails(CONFIRMED))

        async def buried() -> bool:
            ours = [letter for letter in await find(town.database) if letter.key == str(stranger)]
            return {(letter.topic, letter.kind, letter.reason) for letter in ours} == {
                ("booking.events", "rejected", "the subject is not an id"),
                ("booking.events", "undecodable", "not JSON"),
                ("contacts", "invalid", "data.email: string_pattern_mismatch"),
            }

        await eventually(buried)


async def test_a_tombstone_forgets_the_address_what_waits_for_it_and_what_was_buried(town: Town) -> None:
    contact = uuid7()
    broken = json.loads(town.event(town.amina, contact))
    broken["data"]["language"] = "Danish"
    buried = f"select count(*) from dead_letters where key = '{contact}'"

    async with town.working():
        await town.put("contacts", contact, json.dumps(broken).encode())
        await town.book(contact)
        await eventually(lambda: town.has_rows("select state from deliveries", ("pending",)))
        await eventually(lambda: town.has_rows(buried, (1,)))
        await town.put("contacts", contact, None)
        await eventually(lambda: town.has_rows("select state, reason from deliveries", ("suppressed", "erased")))

    assert await town.rows(buried) == [(0,)]
    assert await town.rows("select count(*) from contacts") == [(0,)]
    assert town.mails() == []


async def test_who_dies_between_sending_and_publishing_publishes_afterwards_and_mails_nothing_again(town: Town) -> None:
    contact = uuid7()

    async with town.working(relay=False):
        await town.share(contact)
        await town.book(contact)
        await eventually(lambda: town.has_rows("select state from deliveries", ("sent",)))
    assert await town.published() == []
    async with town.working():
        await eventually(lambda: town.has_rows("select count(*) from outbox where sent_at is not null", (1,)))

    assert await town.published() == ["kompas.notify.message.sent.v1"]
    assert town.subjects() == [CONFIRMED]


@pytest.mark.parametrize("topic", ["contacts", "booking.events"])
async def test_no_address_reaches_a_table_through_a_dead_letter_s_reason(town: Town, topic: str) -> None:
    stranger = uuid7()
    reasons = f"select reason from dead_letters where key = '{stranger}'"
    document = json.loads(town.event(town.amina if topic == "contacts" else town.booked(stranger), stranger))
    document["data"] = {"amina@example.com": "amina@example.com"}

    async with town.working():
        await town.put(topic, stranger, json.dumps(document).encode())
        await eventually(lambda: town.rows(reasons))

    ((reason,),) = await town.rows(reasons)
    assert "amina" not in reason


async def test_a_mail_server_and_a_database_that_go_away_and_come_back_lose_and_repeat_nothing(
    town: Town, admin_url: str
) -> None:
    contact, server = uuid7(), MailServer()
    async with server.running():
        pass
    smtp_url = SecretStr(f"smtp://127.0.0.1:{server.port}")
    town.settings = town.settings.model_copy(update={"mailbox": None, "smtp_url": smtp_url})

    async with town.working():
        await town.share(contact)
        booking = await town.book(contact)
        tried = "select attempts > 1 from deliveries"
        await eventually(lambda: town.has_rows(tried, (True,)))
        async with await psycopg.AsyncConnection.connect(admin_url, autocommit=True) as admin:
            database = make_url(town.database.url).database
            await admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [database])
        await town.cancel(booking, contact)
        async with server.running(server.port):
            await eventually(lambda: server.subjects() == [CONFIRMED, CANCELLED])
            await eventually(lambda: town.has_rows(PUBLISHED, (2,)))

    assert await town.published() == ["kompas.notify.message.sent.v1"] * 2
