"""Contact details reach whoever must reach a person, stay in no outbox, and are erased everywhere by a tombstone."""

from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.events.contacts import ContactShared
from shared.ids import uuid7
from shared.messaging.broker import make_broker
from shared.messaging.consume import Received, listen
from shared.messaging.outbox import erase_contact, share_contact
from shared.messaging.worker import Worker
from tests.messaging.stage import CONSUMER, Stage, running
from tests.support.kafka import read_up_to_here
from tests.support.waiting import eventually


async def share(stage: Stage, contact_id: UUID, email: str = "amina@example.dk") -> None:
    async with stage.database.transaction("odense") as session:
        await share_contact(session, tenant="odense", contact_id=contact_id, name="Amina", email=email, language="da")


async def test_a_contact_is_shared_changed_and_erased(stage: Stage) -> None:
    # All tests share this topic, and some leave there what nobody can take.
    await read_up_to_here(stage.settings.kafka_bootstrap_servers, f"{CONSUMER}.{ContactShared.TOPIC}")
    known: dict[str, str] = {}
    refuse = False

    async def learn(session: AsyncSession, received: Received) -> None:
        if refuse:
            raise LookupError
        known[received.subject] = received.event.email

    async def forget(session: AsyncSession, key: str) -> None:
        known.pop(key, None)

    broker = make_broker(stage.settings, "test")
    listen(
        broker,
        stage.database,
        stage.metrics,
        consumer=CONSUMER,
        topic=ContactShared.TOPIC,
        handlers={ContactShared: learn},
        on_tombstone=forget,
    )
    worker = Worker("test", database=stage.database, metrics=stage.metrics, relay=stage.relay(), broker=broker)
    amina, other = uuid7(), uuid7()

    async with running(worker.run):
        await share(stage, amina)
        await share(stage, other, "other@example.dk")
        await eventually(lambda: len(known) == 2)
        await share(stage, amina, "amina@example.org")
        await eventually(lambda: known[str(amina)] == "amina@example.org")

        # One version of the contact could not be taken; it lies among the dead letters when she is erased.
        refuse = True
        await share(stage, amina, "amina@example.net")
        await eventually(lambda: _buried(stage, 1))
        async with stage.database.transaction("odense") as session:
            await erase_contact(session, tenant="odense", contact_id=amina)
        await eventually(lambda: str(amina) not in known)

    assert known == {str(other): "other@example.dk"}
    assert await stage.buried() == []
    async with stage.database.transaction("*") as session:
        assert await session.scalar(text("select count(*) from outbox")) == 0


async def _buried(stage: Stage, count: int) -> None:
    assert len(await stage.buried()) == count
