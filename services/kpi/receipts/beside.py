"""Counting the log once more beside the live counting: the same code, into empty tables that nobody else sees.

The tables are temporary ones of a connection that nobody had before. There, and only there, they hide the real ones;
the counting's transactions are read only, so that PostgreSQL itself refuses a write to anything that is not temporary.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec
from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.counting.compile import compile_goal
from services.kpi.counting.fact import Fact
from services.kpi.counting.registry import Registry
from services.kpi.definition.plan import Goal, Plan
from services.kpi.definition.vocabulary import spoken, topics
from services.kpi.ingest.decode import decode
from services.kpi.ingest.log_reader import LogReader
from services.kpi.ingest.usecases import fold
from services.kpi.merged.repository import merged
from services.kpi.receipts.statements import COPIED, EVIDENCE, SHADOWED, SNAPSHOT
from shared.database import Database
from shared.settings import Settings

# A centre's five years are some 100,000 facts and ten times as many page views (shared log: every centre's).
MOST_RECORDS = 1_000_000
SECONDS = 60.0


class CannotRecount(Exception):
    """The log is away, or too long to be read while somebody waits."""


class _Glimpse(msgspec.Struct):
    type: str
    tenant: str


_glimpse = msgspec.json.Decoder(_Glimpse)


@dataclass(slots=True)
class Anew:
    """Goals counted from the log alone, beside what was stored at the same offsets."""

    database: Database
    tenant: str
    registry: Registry
    read_to: dict[TopicPartition, int]
    read_from: dict[str, dict[str, int]] = field(default_factory=dict)
    read: int = 0
    duplicate: int = 0
    seen: set[UUID] = field(default_factory=set)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """In here the names of the counted tables mean the empty ones; `stood_…` are the real ones as they stood."""
        async with self.database.transaction(self.tenant) as session:
            await (await session.connection()).execute(text("set transaction read only"))
            yield session

    async def count(self, records: Sequence[ConsumerRecord]) -> None:
        self.read += len(records)
        facts = [fact for record in records if self._ours(record) and isinstance(fact := decode(record), Fact)]
        self.duplicate += len(facts) - len({fact.id for fact in facts} - self.seen)
        self.seen.update(fact.id for fact in facts)
        if facts:
            async with self.session() as session:
                await fold(session, self.registry, facts)

    def _ours(self, record: ConsumerRecord) -> bool:
        """Most of the log is about other centres and other goals, and need not be understood."""
        try:
            glimpse = _glimpse.decode(record.value or b"")
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return False
        return self.registry.hears(glimpse.type, glimpse.tenant)


class Past:
    """Whoever wants to know what the log says about goals. One at a time, for each costs as much as a backfill."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._turn = settings, asyncio.Lock()

    @asynccontextmanager
    async def counted(self, tenant: str, plan: Plan, goals: Iterable[Goal]) -> AsyncIterator[Anew]:
        """These goals of a plan, adopted or not, as the log has them. Raises `CannotRecount`."""
        wanted = list(goals)
        listeners = [each for goal in wanted for each in compile_goal(tenant, plan, goal, spoken())]
        async with self._turn:
            database = Database(self._settings.database_url, pool_size=1)
            try:
                read_to = await _prepare(database, tenant, plan.id, wanted)
                async with database.transaction(tenant) as session:
                    registry = Registry(0, listeners, await merged(session))
                anew = Anew(database, tenant, registry, read_to)
                await self._read(anew)
                yield anew
            finally:
                await database.dispose()

    async def _read(self, anew: Anew) -> None:
        if sum(anew.read_to.values()) > MOST_RECORDS:
            raise CannotRecount
        try:
            async with asyncio.timeout(SECONDS), LogReader.open(self._settings) as reader:
                async for records in reader.up_to(anew.read_to):
                    await anew.count(records)
                anew.read_from = reader.beginnings()
        except (TimeoutError, KafkaError, OSError) as error:
            raise CannotRecount from error


async def _prepare(database: Database, tenant: str, plan: str, goals: Sequence[Goal]) -> dict[TopicPartition, int]:
    """Make the tables; answers how far live counting had read each partition that the goals hear of."""
    async with database.transaction(tenant) as session:
        connection = await session.connection()
        for table in COPIED:
            await connection.execute(text(f"create temp table stood_{table} (like public.{table})"))
        for table in SHADOWED:
            await connection.execute(text(f"create temp table {table} (like public.{table} including all)"))
        await connection.execute(text(EVIDENCE))
        values: dict[str, Any] = {"tenant": tenant, "plan": plan, "goals": [goal.id for goal in goals]}
        rows = await connection.execute(text(SNAPSHOT), values)
        heard = set().union(*(topics(goal, spoken()) for goal in goals)) if goals else set()
        return {TopicPartition(row.topic, row.partition): row.next for row in rows if row.topic in heard}
