"""Counting, exactly once: a batch's effects, receipts and next offsets are stored in one transaction or not at all."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aiokafka import ConsumerRecord, TopicPartition
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.counting.fact import Fact
from services.kpi.counting.keys import GoalKey, MarkKey
from services.kpi.counting.registry import Looked, Registry
from services.kpi.counting.settle import settle
from services.kpi.goals.changes import announce
from services.kpi.ingest import goals, offsets, repository
from services.kpi.ingest.decode import Dead, NotOurs, decode
from services.kpi.repository import version
from shared.database import Database
from shared.logging import fault, log
from shared.messaging.batches import Fenced
from shared.messaging.consume import about_of
from shared.messaging.dead_letters import Class, bury
from shared.messaging.patience import away
from shared.metrics import Metrics
from shared.tenancy import EVERY_TENANT

CONSUMER = "kpi"
# Marks that are known to be in the database spare it a question. At some 120 bytes each this bounds the memory.
REMEMBERED_MARKS = 200_000


@dataclass(slots=True)
class Batch:
    """What a batch turned out to hold."""

    facts: list[tuple[str, Fact]] = field(default_factory=list)
    dead: list[Dead] = field(default_factory=list)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    next: dict[TopicPartition, int] = field(default_factory=dict)


class Ingest:
    """One worker's live counting. Everything it remembers can be forgotten: the database is the truth."""

    def __init__(self, database: Database, metrics: Metrics) -> None:
        self._database, self._metrics = database, metrics
        self._registry: Registry | None = None
        self._sought: dict[TopicPartition, int] = {}
        """Where Kafka was asked to begin. What comes from before it comes from another log."""
        self._seen: dict[TopicPartition, int] = {}
        """Up to where Kafka has handed us records, counted or not. A hole in front of it is Kafka's own."""
        self._marks: set[MarkKey] = set()
        self._covered: dict[tuple[str, str], datetime] = {}

    async def start_offsets(self, partitions: set[TopicPartition]) -> Mapping[TopicPartition, int]:
        async with self._database.transaction(EVERY_TENANT) as session:
            known = await offsets.positions(session)
        found = {each: known.get(each, 0) for each in partitions}
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
        seen = dict(self._seen)
        # Each partition's records are in order, so that its last one remains.
        ends = {(each.topic, each.partition): each.offset + 1 for each in records}
        self._seen |= {TopicPartition(*place): end for place, end in ends.items()}
        async with self._database.transaction(EVERY_TENANT) as session:
            batch = await self._open(session, records, seen)
            registry = await self._current(session)
            changed, marks = await fold(session, registry, [fact for _, fact in batch.facts], self._marks)
            for dead in batch.dead:
                await bury(session, CONSUMER, dead.record, dead.kind, dead.reason, dead.about)
            covered = earliest(registry, batch.facts, self._covered)
            await offsets.cover(session, covered)
            await offsets.advance(session, batch.next)
            await announce(session, changed)
        self._committed(batch, registry, marks, covered)

    async def _open(
        self, session: AsyncSession, records: Sequence[ConsumerRecord], seen: Mapping[TopicPartition, int]
    ) -> Batch:
        """The records that were not counted yet, decoded; the partitions stay locked until the end."""
        await offsets.share_counting(session)
        stands = await offsets.hold(session, {TopicPartition(each.topic, each.partition) for each in records})
        batch = Batch(next=dict(stands))
        for record in records:
            place = TopicPartition(record.topic, record.partition)
            if record.offset < self._sought.get(place, 0):
                # Kafka lost its log and began it anew. Everything in it may be news, and nothing counts twice.
                log().warning("log begins anew", consumer=CONSUMER, topic=place.topic, partition=place.partition)
                self._sought[place] = batch.next[place] = record.offset
            if record.offset < batch.next[place]:
                continue
            if record.offset > batch.next[place] == stands[place] and seen.get(place, stands[place]) != stands[place]:
                raise Fenced(f"{place.topic}[{place.partition}]: {stands[place]} expected, not {record.offset}")
            batch.next[place] = record.offset + 1
            self._sort(record, batch)
        return batch

    def _sort(self, record: ConsumerRecord, batch: Batch) -> None:
        match decode(record):
            case Fact() as fact:
                batch.facts.append((record.topic, fact))
            case NotOurs():
                batch.outcomes["unknown", "ignored"] += 1
            case Dead() as dead:
                batch.dead.append(dead)
                batch.outcomes[dead.about.type or "unknown", "dead"] += 1

    async def _current(self, session: AsyncSession) -> Registry:
        """The compiled goals, anew when anything was adopted or has become live since."""
        if self._registry is None or self._registry.version != await version(session):
            self._registry = await goals.live(session)
            # A goal that was counted anew has lost its marks; none that we remember may be believed.
            self._marks.clear()
        return self._registry

    def _committed(
        self, batch: Batch, registry: Registry, marks: set[MarkKey], covered: Mapping[tuple[str, str], datetime]
    ) -> None:
        self._covered |= covered
        if len(self._marks) + len(marks) > REMEMBERED_MARKS:
            self._marks.clear()
        self._marks |= marks
        for _, fact in batch.facts:
            batch.outcomes[fact.type, "handled" if registry.hears(fact.type, fact.tenant) else "ignored"] += 1
        for (wire, outcome), times in batch.outcomes.items():
            self._metrics.consumed.labels(self._metrics.service, CONSUMER, wire, outcome).inc(times)

    async def _bury(self, record: ConsumerRecord, error: Exception) -> None:
        found, about = fault(error), about_of(record)
        place = TopicPartition(record.topic, record.partition)
        async with self._database.transaction(EVERY_TENANT) as session:
            await offsets.share_counting(session)
            stands = await offsets.hold(session, {place})
            if record.offset >= stands[place]:
                await bury(session, CONSUMER, record, Class.BUG, f"{found['error']} at {found['where']}", about)
                await offsets.advance(session, {place: record.offset + 1})
        log().error("buried", consumer=CONSUMER, type=about.type, topic=record.topic, offset=record.offset, **found)
        self._metrics.consumed.labels(self._metrics.service, CONSUMER, about.type or "unknown", "dead").inc()


async def fold(
    session: AsyncSession, registry: Registry, facts: Iterable[Fact], known_marks: set[MarkKey]
) -> tuple[set[GoalKey], set[MarkKey]]:
    """Let the facts change the numbers; answers the goals that changed and the marks that are now in their sets."""
    looked = Looked()
    for fact in facts:
        registry.look(fact, looked)
    await repository.lock_goals(session, {GoalKey(*touch.key[:3]) for touch in looked.touches})
    ledger = settle(looked, await repository.entries(session, looked.entries(), looked.series()))
    unknown = looked.marks.keys() - known_marks
    for key in await repository.new_marks(session, unknown):
        ledger.new_mark(key, looked.marks[key])
    await repository.store(session, ledger)
    return {tally.owner for tally in ledger.deltas}, unknown


def earliest(
    registry: Registry, facts: Iterable[tuple[str, Fact]], known: Mapping[tuple[str, str], datetime]
) -> dict[tuple[str, str], datetime]:
    """By tenant and topic, facts earlier than all that is known, of centres that have a plan."""
    found: dict[tuple[str, str], datetime] = {}
    for topic, fact in facts:
        key = (fact.tenant, topic)
        before = found.get(key) or known.get(key)
        if fact.tenant in registry.tenants and (before is None or fact.time < before):
            found[key] = fact.time
    return found
