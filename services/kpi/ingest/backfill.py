"""Giving a new goal its whole history: the log is read from its beginning, beside the live counting."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from aiokafka import ConsumerRecord, TopicPartition
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi import repository as adopted
from services.kpi.counting.keys import GoalKey
from services.kpi.counting.lanes import Lanes
from services.kpi.counting.registry import Registry
from services.kpi.goals.changes import announce
from services.kpi.ingest import goals, offsets, repository
from services.kpi.ingest.batch import Batch
from services.kpi.ingest.log_reader import LogReader
from services.kpi.ingest.usecases import fold
from services.kpi.settings import KpiSettings
from shared.database import Database
from shared.events.web import PageViewed
from shared.logging import log
from shared.tenancy import EVERY_TENANT

# Held by the one worker that reads histories.
BACKFILL_LOCK = 7_302_422
LOOK_EVERY = 30.0
# So few records are read while live counting waits for us.
LAST_FEW = 2_000


class Superseded(Exception):
    """The goals that were being read were adopted anew meanwhile; their history must be read again."""


@dataclass(slots=True)
class Side:
    """Page views, or everything else: while the database stores the ones, the others are read, as in live counting."""

    reader: LogReader
    lanes: Lanes
    views: bool
    read: int = 0

    def of(self, places: Mapping[TopicPartition, int]) -> dict[TopicPartition, int]:
        return {place: offset for place, offset in places.items() if (place.topic == PageViewed.TOPIC) is self.views}


class Backfill:
    def __init__(self, database: Database, settings: KpiSettings) -> None:
        self._database, self._settings = database, settings

    async def run(self) -> None:
        """For ever: whenever a plan is adopted, and every half minute, see whether a goal lacks its history."""
        connection = await self._database.connection()
        try:
            await connection.execute(f"listen {adopted.PLANS_CHANGED}")
            await connection.execute("select pg_advisory_lock(%s)", [BACKFILL_LOCK])
            while True:
                await self.catch_up()
                async for _ in connection.notifies(timeout=LOOK_EVERY, stop_after=1):
                    pass
        finally:
            await connection.close()

    async def catch_up(self) -> None:
        """Until every adopted goal is live. A crash leaves a goal as it was: without history, to be read from zero."""
        while True:
            async with self._database.transaction(EVERY_TENANT) as session:
                waiting = await adopted.backfilling(session)
                registry = await goals.compiled(session, waiting)
            if not waiting:
                return
            try:
                await self._read(waiting, registry)
                log().info("goals live", count=len(waiting))
            except Superseded:
                log().info("goals superseded", count=len(waiting))
                await asyncio.sleep(0)

    async def _read(self, waiting: list[GoalKey], registry: Registry) -> None:
        async with self._database.transaction(EVERY_TENANT) as session:
            # Nobody may still be counting for these goals as they were before.
            await offsets.stop_counting(session)
            await repository.forget(session, waiting)
            target = await offsets.positions(session)
        async with (
            LogReader.open(self._settings, self._settings.batch_views) as views,
            LogReader.open(self._settings, self._settings.batch_records) as rest,
        ):
            sides = [Side(views, Lanes(registry), views=True), Side(rest, Lanes(registry), views=False)]
            while sum(side.reader.missing(side.of(target)) for side in sides) > LAST_FEW:
                async with asyncio.TaskGroup() as reading:
                    for side in sides:
                        reading.create_task(self._catch_up_with(target, side, sides, waiting))
                async with self._database.transaction(EVERY_TENANT) as session:
                    target = await offsets.positions(session)
            await self._join(sides, waiting)

    async def _catch_up_with(
        self, target: Mapping[TopicPartition, int], side: Side, sides: Sequence[Side], waiting: list[GoalKey]
    ) -> None:
        async for records in side.reader.up_to(side.of(target)):
            async with self._database.transaction(EVERY_TENANT) as session:
                await self._count(session, side.lanes, records)
            side.lanes.keep()
            side.read += len(records)
            read = sum(each.read for each in sides)
            async with self._database.transaction(EVERY_TENANT) as session:
                await adopted.note_progress(session, waiting, read, max(read, sum(target.values())))

    async def _join(self, sides: Sequence[Side], waiting: list[GoalKey]) -> None:
        """While live counting stands still, read what it read meanwhile, and let the goals be counted live."""
        async with self._database.transaction(EVERY_TENANT) as session:
            await offsets.stop_counting(session)
            still, now = set(await adopted.backfilling(session)), await goals.compiled(session, waiting)
            if not still.issuperset(waiting) or not sides[0].lanes.registry.counts_like(now):
                raise Superseded
            beginnings: dict[str, dict[str, int]] = {}
            for side in sides:
                async for records in side.reader.up_to(side.of(await offsets.positions(session))):
                    await self._count(session, side.lanes, records)
                beginnings |= side.reader.beginnings()
            await adopted.note_beginning(session, waiting, beginnings)
            await adopted.set_live(session, waiting)
            await adopted.change_version(session)
            await announce(session, waiting)

    async def _count(self, session: AsyncSession, lanes: Lanes, records: Sequence[ConsumerRecord]) -> None:
        """What cannot be read was buried by the live counting, which has passed here before."""
        batch = Batch(lanes)
        for _, told in groupby(records, key=attrgetter("topic")):
            batch.read(list(told))
        covered = batch.close({})
        await fold(session, lanes.registry, batch.news)
        await offsets.cover(session, covered)
