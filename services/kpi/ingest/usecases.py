"""Counting, exactly once: a batch's effects, receipts and next offsets are stored in one transaction or not at all."""

from collections.abc import Iterable, Mapping, Sequence

from aiokafka import ConsumerRecord, TopicPartition
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.counting.fact import Fact
from services.kpi.counting.lanes import Arrival, Lanes
from services.kpi.counting.ledger import Ledger
from services.kpi.counting.registry import Looked, Registry
from services.kpi.counting.settle import settle
from services.kpi.goals.changes import announce
from services.kpi.ingest import goals, offsets, repository
from services.kpi.ingest.batch import Batch, Since
from shared.database import Database, driver
from shared.logging import fault, log
from shared.messaging.batches import Fenced, by_partition
from shared.messaging.consume import about_of
from shared.messaging.dead_letters import Class, bury
from shared.messaging.patience import away
from shared.metrics import Metrics
from shared.tenancy import EVERY_TENANT

CONSUMER = "kpi"
Records = Sequence[ConsumerRecord]


class Ingest:
    """One worker's live counting. Everything it remembers can be forgotten: the database is the truth."""

    def __init__(self, database: Database, metrics: Metrics) -> None:
        self._database, self._metrics = database, metrics
        self._lanes: Lanes | None = None
        self._sought: dict[TopicPartition, int] = {}
        """Where Kafka was asked to begin. What comes from before it comes from another log."""
        self._seen: dict[TopicPartition, int] = {}
        """Up to where Kafka has handed us records, counted or not. A hole in front of it is Kafka's own."""
        self._covered: Since = {}

    async def start_offsets(self, partitions: set[TopicPartition]) -> Mapping[TopicPartition, int]:
        async with self._database.transaction(EVERY_TENANT) as session:
            known = await offsets.positions(session)
        found = {each: known.get(each, 0) for each in partitions}
        if any(offset < self._seen.get(each, 0) for each, offset in found.items()):
            # A crash of PostgreSQL took something back that we believe committed: remember nothing of it.
            self._lanes, self._covered = None, {}
        self._sought |= found
        self._seen |= found
        return {each: offset for each, offset in found.items() if offset}

    async def take(self, records: Sequence[ConsumerRecord]) -> None:
        """Count a batch. One that cannot be stored is halved until the record that is to blame stands alone."""
        try:
            await self._count(records)
        except Exception as error:
            if isinstance(error, Fenced) or away(error):
                raise
            if len(records) == 1:
                await self._bury(records[0], error)
                return
            log().warning("batch halved", consumer=CONSUMER, count=len(records), **fault(error))
            middle = len(records) // 2
            await self.take(records[:middle])
            await self.take(records[middle:])

    async def _count(self, records: Sequence[ConsumerRecord]) -> None:
        seen, told = dict(self._seen), by_partition(records)
        self._seen |= {place: each[-1].offset + 1 for place, each in told.items()}
        async with self._database.transaction(EVERY_TENANT) as session:
            batch = await self._open(session, told, seen)
            covered = batch.close(self._covered)
            ledger = await weigh(session, batch.lanes.registry, batch.news)
            for dead in batch.dead:
                await bury(session, CONSUMER, dead.record, dead.kind, dead.reason, dead.about)
            async with (await driver(session)).pipeline():
                await repository.store(session, ledger)
                await offsets.cover(session, covered)
                await offsets.advance(session, batch.next)
                await announce(session, ledger.goals)
        self._committed(batch, covered)

    async def _open(
        self, session: AsyncSession, told: Mapping[TopicPartition, Records], seen: Mapping[TopicPartition, int]
    ) -> Batch:
        """The records that were not counted yet, decoded; the partitions stay locked until the end."""
        stands, version = await offsets.hold(session, told)
        batch = Batch(await self._current(session, version), next=dict(stands))
        for place, records in told.items():
            self._read(place, records, batch, stands[place], seen.get(place))
        return batch

    def _read(self, place: TopicPartition, records: Records, batch: Batch, stands: int, seen: int | None) -> None:
        goes_on, sought = batch.next[place], self._sought.get(place, 0)
        first, last = records[0].offset, records[-1].offset
        if first == goes_on >= sought and last - first + 1 == len(records):
            # As good as always: they follow on what was counted, without a hole.
            news, goes_on = records, last + 1
        else:
            news = []
            for record in records:
                offset = record.offset
                if offset < sought:
                    # Kafka lost its log and began it anew. Everything in it may be news, and nothing counts twice.
                    log().warning("log begins anew", consumer=CONSUMER, topic=place.topic, partition=place.partition)
                    self._sought[place] = sought = goes_on = offset
                if offset < goes_on:
                    continue
                if offset > goes_on == stands and seen not in (None, stands):
                    raise Fenced(f"{place.topic}[{place.partition}]: {stands} expected, not {offset}")
                goes_on = offset + 1
                news.append(record)
        batch.read(news)
        batch.next[place] = goes_on

    async def _current(self, session: AsyncSession, version: int) -> Lanes:
        """The compiled goals, anew when anything was adopted or has become live since."""
        if self._lanes is None or self._lanes.registry.version != version:
            # A goal that was counted anew has lost its marks: no visitor who is remembered may be believed.
            self._lanes = Lanes(await goals.live(session))
        return self._lanes

    def _committed(self, batch: Batch, covered: Since) -> None:
        self._covered |= covered
        batch.lanes.keep()
        for (wire, outcome), times in batch.outcomes.items():
            self._metrics.consumed.labels(self._metrics.service, CONSUMER, wire, outcome).inc(times)

    async def _bury(self, record: ConsumerRecord, error: Exception) -> None:
        found, about = fault(error), about_of(record)
        place = TopicPartition(record.topic, record.partition)
        async with self._database.transaction(EVERY_TENANT) as session:
            stands, _ = await offsets.hold(session, {place})
            if record.offset >= stands[place]:
                await bury(session, CONSUMER, record, Class.BUG, f"{found['error']} at {found['where']}", about)
                await offsets.advance(session, {place: record.offset + 1})
        log().error("buried", consumer=CONSUMER, type=about.type, topic=record.topic, offset=record.offset, **found)
        self._metrics.consumed.labels(self._metrics.service, CONSUMER, about.type or "unknown", "dead").inc()


async def fold(session: AsyncSession, registry: Registry, news: Iterable[Fact | Arrival]) -> None:
    """Let the facts change the numbers."""
    ledger = await weigh(session, registry, news)
    async with (await driver(session)).pipeline():
        await repository.store(session, ledger)


async def weigh(session: AsyncSession, registry: Registry, news: Iterable[Fact | Arrival]) -> Ledger:
    """What the facts change. Sets have their new members already."""
    looked = Looked()
    for each in news:
        if isinstance(each, Arrival):
            each.look(looked)
        else:
            registry.look(each, looked)
    ledger = settle(looked, await repository.known(session, looked) if looked.touches else {})
    for tally, new in (await repository.join(session, looked.marks)).items():
        ledger.joined(tally, [looked.marks[tally][member] for member in new])
    return ledger
