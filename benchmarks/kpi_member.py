"""One KPI worker's counting, as a process of its own: `python -m benchmarks.kpi_member`, told by its standard input.

It joins its groups and says what partitions it is given, waits for a line, counts until the next line, and then says
when its first batch began, when its last one was committed, and what CPU lay in between. The clock is the machine's, so
that several of them agree.
"""

import asyncio
import gc
import json
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import uvloop
from aiokafka import ConsumerRecord, TopicPartition

from services.kpi.ingest import goals as goals_of
from services.kpi.ingest.batch import Batch
from services.kpi.ingest.consumers import listen
from services.kpi.ingest.memory import look_for_cycles_less_often
from services.kpi.ingest.usecases import Ingest
from services.kpi.settings import KpiSettings
from shared.database import Database
from shared.events.web import PageViewed
from shared.messaging.broker import make_broker
from shared.metrics import Metrics
from shared.tenancy import EVERY_TENANT


class Clock:
    """Runs from the first batch to the last commit: joining a group is none of the work."""

    def __init__(self) -> None:
        self.began = self.ended = self._cpu = self.cpu = 0.0

    def given(self, group: str, partitions: int) -> None:
        print(group, partitions, flush=True)

    def start(self) -> None:
        self.began = self.began or time.perf_counter()
        self._cpu = self._cpu or time.process_time()

    def count(self, number: int) -> None:
        self.ended, self.cpu = time.perf_counter(), time.process_time() - self._cpu


class Measured(Ingest):
    """The worker's own counting, with a clock beside it."""

    def __init__(self, database: Database, clock: Clock, go: asyncio.Event) -> None:
        super().__init__(database, Metrics("kpi"))
        self._clock, self._go = clock, go

    async def start_offsets(self, partitions: set[TopicPartition]) -> Mapping[TopicPartition, int]:
        group = "views" if all(each.topic == PageViewed.TOPIC for each in partitions) else "rest"
        self._clock.given(group, len(partitions))
        await self._go.wait()
        return await super().start_offsets(partitions)

    async def take(self, records: Sequence[ConsumerRecord]) -> None:
        self._clock.start()
        await super().take(records)

    def _committed(self, batch: Batch, *rest: Any) -> None:
        super()._committed(batch, *rest)
        self._clock.count(batch.records)


@asynccontextmanager
async def counting(settings: KpiSettings, database: Database, clock: Clock, go: asyncio.Event) -> AsyncIterator[None]:
    """As long as this lasts, what `kompas worker kpi` does with the log."""
    async with database.transaction(EVERY_TENANT) as session:
        await goals_of.live(session)  # Compiled, as by a worker that runs already.
    look_for_cycles_less_often()
    broker = make_broker(settings, "kpi")
    listen(broker, lambda: Measured(database, clock, go), settings)
    gc.collect()
    await broker.start()
    yield
    await broker.stop()


async def main() -> None:
    settings, clock, go = KpiSettings(), Clock(), asyncio.Event()
    database = Database(settings.database_url)
    async with counting(settings, database, clock, go):
        await asyncio.to_thread(sys.stdin.readline)
        go.set()
        await asyncio.to_thread(sys.stdin.readline)
    await database.dispose()
    print(json.dumps({"began": clock.began, "ended": clock.ended, "cpu": clock.cpu}), flush=True)


if __name__ == "__main__":
    uvloop.run(main())
