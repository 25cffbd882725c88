"""A volunteer centre that no other test has: its plan, its staff, and a log of its own, counted without Kafka."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import httpx2
from aiokafka import ConsumerRecord
from sqlalchemy import text

from services.kpi.adoption import adopt
from services.kpi.ingest.usecases import Ingest
from services.kpi.repository import backfilling, change_version, set_live
from shared.clock import today
from shared.database import Database
from shared.events import CATALOGUE
from shared.events.envelope import Event, read, wrap
from shared.ids import uuid7
from shared.metrics import Metrics
from shared.tenancy import EVERY_TENANT
from tests.support.people import bearer
from tests.unit.kpi.cast import odense

Json = dict[str, Any]
CITIZEN: dict[str, str] = {}
THIS_YEAR = f"odense-{today().year}"


def noon(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(11), tzinfo=UTC)


@dataclass
class Log:
    """Records of a topic, as Kafka would hand them over."""

    topic: str
    records: list[ConsumerRecord] = field(default_factory=list)

    def put(self, value: bytes | None, key: bytes | None = None, partition: int = 0) -> ConsumerRecord:
        offset = sum(1 for each in self.records if each.partition == partition)
        record = ConsumerRecord(self.topic, partition, offset, 0, 0, key, value, None, 0, 0, ())
        self.records.append(record)
        return record


@dataclass
class Centre:
    client: httpx2.AsyncClient
    database: Database
    tenant: str

    @property
    def staff(self) -> dict[str, str]:
        return bearer(self.tenant)

    def association(self, organisation_id: UUID) -> dict[str, str]:
        return bearer(self.tenant, "association", organisation_id)

    async def adopt(self, *, live: bool = True) -> None:
        for year in (2023, today().year):
            async with self.database.transaction(self.tenant) as session:
                await adopt(session, self.tenant, odense(), year)
                if live:
                    await set_live(session, await backfilling(session))
                    await change_version(session)

    def log(self, topic: str = "booking.events") -> Log:
        """A topic that nobody else reads: offsets are kept by name, and this database is shared."""
        return Log(f"{topic}.{self.tenant}")

    def ingest(self) -> Ingest:
        return Ingest(self.database, Metrics("kpi"))

    def told(
        self, event: Event, *, subject: UUID | str, on: str = "2023-05-01", sequence: int = 1, id: UUID | None = None
    ) -> bytes:
        """An event of this centre as it stands in the log."""
        return wrap(event, tenant=self.tenant, subject=subject, sequence=sequence, time=noon(on), id=id).to_bytes()

    async def get(self, path: str, who: dict[str, str] = CITIZEN, **query: Any) -> Json:
        answer = await self.client.get(f"/kpi/{self.tenant}/{path}", headers=who, params=query)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        return dict(answer.json())

    async def post(self, path: str, body: Json | None = None, *, who: dict[str, str] | None = None) -> httpx2.Response:
        headers = self.staff if who is None else who
        return await self.client.post(f"/kpi/{self.tenant}/{path}", json=body or {}, headers=headers)

    async def goal(self, goal: str, plan: str = "odense-2023") -> Json:
        """As the centre's staff see it."""
        return await self.get(f"plans/{plan}/goals/{goal}", self.staff)

    async def stated(self) -> list[Event]:
        """Every fact that this centre's KPI has stated."""
        return [CATALOGUE[envelope.type].read(envelope.data) for envelope in await self.envelopes()]

    async def envelopes(self) -> list[Any]:
        async with self.database.transaction(self.tenant) as session:
            rows = await (await session.connection()).execute(
                text("select payload from outbox where topic = 'kpi.events' order by id")
            )
            return [read(bytes(row.payload)) for row in rows]

    async def count_own_facts(self) -> None:
        """Hand what KPI itself has stated to its counting, as the relay and Kafka would."""
        log = self.log(f"kpi.events.{uuid7()}")
        for envelope in await self.envelopes():
            log.put(envelope.to_bytes(), envelope.subject.encode())
        if log.records:
            await self.ingest().take(log.records)

    async def rows(self, statement: str) -> list[Any]:
        async with self.database.transaction(EVERY_TENANT) as session:
            return list(await (await session.connection()).execute(text(statement), {"tenant": self.tenant}))
