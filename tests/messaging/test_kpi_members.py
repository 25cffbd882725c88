"""KPI hears on real Kafka who is a member: once each, whatever else stands in the log."""

import json
from uuid import UUID, uuid4

from aiokafka import AIOKafkaProducer
from sqlalchemy import text

from services.kpi.members.consumers import CONSUMER
from services.kpi.worker import create_worker
from shared.clock import now, today
from shared.database import Database
from shared.events.directory import MembershipEnded, MembershipStarted
from shared.events.envelope import Event, wrap
from shared.ids import uuid7
from shared.messaging.dead_letters import find
from shared.settings import Settings
from tests.messaging.stage import running
from tests.support.databases import Databases, disposing
from tests.support.people import fresh_tenant
from tests.support.waiting import eventually

TOPIC = MembershipStarted.TOPIC


async def test_members_are_known_whatever_comes_twice_late_or_broken(
    make_database: Databases, bootstrap_servers: str
) -> None:
    settings = Settings(database_url=await make_database.fresh("kpi"), kafka_bootstrap_servers=bootstrap_servers)
    database, tenant = Database(settings.database_url), fresh_tenant()
    stays, left = uuid4(), uuid4()

    def told(event: Event, subject: UUID | str, sequence: int = 1) -> bytes:
        return wrap(event, tenant=tenant, subject=subject, sequence=sequence, time=now()).to_bytes()

    def started(organisation: UUID) -> MembershipStarted:
        facts = {"organisation_id": organisation, "organisation_kind": "association", "kind": "member"}
        return MembershipStarted.model_validate(facts | {"started_on": today()})

    ended = MembershipEnded(organisation_id=left, organisation_kind="association", kind="member", ended_on=today())
    first, second = uuid7(), uuid7()
    late = told(started(left), second)
    broken = json.loads(told(started(stays), first))
    broken["data"]["organisation_id"] = "nobody"
    log = [
        (first, told(started(stays), "the-chess-club")),
        (first, json.dumps(broken).encode()),
        (second, told(ended, second, sequence=2)),
        (second, late),
        (second, late),
        (first, told(started(stays), first)),
    ]

    async def known() -> None:
        async with database.transaction(tenant) as session:
            rows = await (await session.connection()).execute(
                text("select organisation_id, stands from memberships order by stands")
            )
            assert [tuple(row) for row in rows] == [(left, False), (stays, True)]

    async def buried() -> None:
        ours = [each for each in await find(database) if each.tenant == tenant and each.consumer == CONSUMER]
        assert {(each.kind, each.reason) for each in ours} == {
            ("rejected", "the subject is not an id"),
            ("invalid", "data.organisation_id: uuid_parsing"),
        }

    async with (
        disposing(database),
        AIOKafkaProducer(bootstrap_servers=bootstrap_servers) as kafka,
        running(create_worker(settings).run),
    ):
        for key, record in log:
            await kafka.send_and_wait(TOPIC, record, key=str(key).encode())
        await eventually(known)
        await eventually(buried)
