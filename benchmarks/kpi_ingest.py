"""How fast KPI counts, beside the raw limit of its Kafka client, in one run: `python -m benchmarks.kpi_ingest`."""

import argparse
import asyncio
import gc
import json
import os
import statistics
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord
from sqlalchemy import text

from benchmarks import mix
from deploy.kafka.topics import create_topics
from services.kpi import repository
from services.kpi.adoption import adopt
from services.kpi.ingest import goals as goals_of
from services.kpi.ingest.batch import Batch
from services.kpi.ingest.consumers import listen, topics
from services.kpi.ingest.memory import look_for_cycles_less_often
from services.kpi.ingest.usecases import Ingest
from services.kpi.settings import KpiSettings
from shared.database import Database
from shared.messaging.broker import make_broker
from shared.metrics import Metrics
from shared.tenancy import EVERY_TENANT
from tests.support.databases import Databases
from tests.support.platform import local_platform, temporary_home

FETCH = {"max_partition_fetch_bytes": 4 * 1024 * 1024}
PEERS = {"quix_state": "Quix Streams, with state", "bytewax_plain": "Bytewax, plain count"}
NAMES = {"raw": "aiokafka getmany, nothing decoded", "kompas": "Kompas, exactly once into PostgreSQL"} | PEERS


class Clock:
    """Runs from the first batch to the moment the last record is counted: joining a group is none of the work."""

    def __init__(self, number: int) -> None:
        self._missing, self.done = number, asyncio.Event()
        self._began = self._cpu = self.seconds = self.cpu = 0.0

    def start(self) -> None:
        self._began = self._began or time.perf_counter()
        self._cpu = self._cpu or time.process_time()

    def count(self, number: int) -> None:
        self._missing -= number
        if self._missing <= 0 and not self.done.is_set():
            self.seconds, self.cpu = time.perf_counter() - self._began, time.process_time() - self._cpu
            self.done.set()


async def raw(kafka: str, clock: Clock) -> None:
    consumer = AIOKafkaConsumer(
        *topics(), bootstrap_servers=kafka, enable_auto_commit=False, auto_offset_reset="earliest", **FETCH
    )
    await consumer.start()
    try:
        while not clock.done.is_set():
            found = await consumer.getmany(timeout_ms=200, max_records=5_000)
            clock.start()
            clock.count(sum(map(len, found.values())))
    finally:
        await consumer.stop()


class Measured(Ingest):
    """The worker's own counting, with a clock beside it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__(database, Metrics("kpi"))
        self._clock = clock

    async def take(self, records: Sequence[ConsumerRecord]) -> None:
        self._clock.start()
        await super().take(records)

    def _committed(self, batch: Batch, *rest: Any) -> None:
        super()._committed(batch, *rest)
        self._clock.count(batch.records)


async def kompas(settings: KpiSettings, clock: Clock, expected: mix.Mix, goals: int = len(mix.MEASURES)) -> None:
    """What `kompas worker kpi` does with the log: offsets, receipts and all."""
    database, plan = Database(settings.database_url), mix.plan(expected.tenants, goals)
    for tenant in expected.tenants:
        async with database.transaction(tenant) as session:
            await adopt(session, tenant, plan, 2023)
            await repository.set_live(session, await repository.backfilling(session))
    async with database.transaction(EVERY_TENANT) as session:
        await goals_of.live(session)  # Compiled, as by a worker that runs already.
    look_for_cycles_less_often()
    broker = make_broker(settings, "kpi")
    listen(broker, lambda: Measured(database, clock), settings)
    gc.collect()
    await broker.start()
    await clock.done.wait()
    await broker.stop()
    await verify(database, expected)
    await database.dispose()


async def verify(database: Database, expected: mix.Mix) -> None:
    """Speed counts for nothing when the numbers are wrong."""
    async with database.transaction(EVERY_TENANT) as session:
        found = await (await session.connection()).execute(
            text("select goal, sum(value)::int from tallies where goal in ('B.1', 'B.3') group by goal order by goal")
        )
        assert [tuple(row) for row in found] == [("B.1", len(expected.views)), ("B.3", expected.bookings)]


async def peer(python: str, name: str, kafka: str, number: int, clock: Clock) -> None:
    """In a process and an environment of its own: its packages are none of Kompas'."""
    script = Path(__file__).parent / "peers" / f"{name}.py"
    process = await asyncio.create_subprocess_exec(
        python, script, kafka, str(number), *topics(), stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    said = [line for line in out.decode().splitlines() if line.startswith("{")]
    if process.returncode or not said:
        raise RuntimeError(f"{name} did not finish")
    clock.seconds, clock.cpu = (json.loads(said[-1])[key] for key in ("seconds", "cpu"))


async def fill(kafka: str, number: int, mixed: mix.Mix) -> mix.Mix:
    await create_topics(kafka)
    producer = AIOKafkaProducer(bootstrap_servers=kafka, linger_ms=20, max_batch_size=256 * 1024)
    await producer.start()
    for topic, key, value in mixed.events(number):
        await producer.send(topic, value, key=key)
    await producer.stop()
    return mixed


async def measure(arguments: argparse.Namespace, admin_url: str, kafka: str) -> dict[str, Any]:
    mixed, databases = await fill(kafka, arguments.events, mix.Mix()), Databases(admin_url)
    names = ["raw", "kompas", *(PEERS if arguments.peers else ())]
    found: dict[str, list[Clock]] = {name: [] for name in names}
    for number in range(arguments.rounds):
        for name in names:
            clock = Clock(arguments.events)
            if name == "raw":
                await raw(kafka, clock)
            elif name == "kompas":
                url = await databases.fresh("kpi")
                await kompas(KpiSettings(database_url=url, kafka_bootstrap_servers=kafka), clock, mixed)
            else:
                await peer(arguments.peers, name, kafka, arguments.events, clock)
            print(f"round {number + 1}: {NAMES[name]}: {arguments.events / clock.seconds:,.0f} events/s", flush=True)
            found[name].append(clock)
    return summary(found, arguments.events)


def summary(found: Mapping[str, Sequence[Clock]], number: int) -> dict[str, Any]:
    """Medians, and ratios of each round to the raw limit of the same round: the machine's noise is in both."""
    return {
        "events": number,
        "tenants": len(mix.TENANTS),
        "goals": len(mix.TENANTS) * len(mix.MEASURES),
        "cores": os.cpu_count(),
        "results": {
            name: {
                "events_per_second": [round(number / each.seconds) for each in clocks],
                "median": round(statistics.median(number / each.seconds for each in clocks)),
                "ratio_to_raw": round(
                    statistics.median(
                        limit.seconds / each.seconds for each, limit in zip(clocks, found["raw"], strict=True)
                    ),
                    3,
                ),
                "cpu_seconds_per_million": round(statistics.median(each.cpu for each in clocks) * 1e6 / number, 1),
            }
            for name, clocks in found.items()
        },
    }


def table(found: Mapping[str, Any]) -> str:
    lines = ["| job | events/s, median (each round) | of raw | client CPU s per million |", "|---|---|---|---|"]
    for name, row in found["results"].items():
        rounds = ", ".join(f"{each:,}" for each in row["events_per_second"])
        lines.append(
            f"| {NAMES[name]} | {row['median']:,} ({rounds}) | {row['ratio_to_raw']:.3f} |"
            f" {row['cpu_seconds_per_million']} |"
        )
    return "\n".join(lines)


async def main(arguments: argparse.Namespace) -> None:
    async with temporary_home() as root:
        platform = local_platform(root)
        await platform.start()
        try:
            found = await measure(arguments, platform.admin_url, platform.bootstrap_servers)
        finally:
            await platform.stop()
    print(table(found))
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=2) + "\n")


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="where to write the figures as well")
    parser.add_argument("--peers", metavar="PYTHON", help="one that has quixstreams and bytewax: measure those too")
    return parser.parse_args()


if __name__ == "__main__":
    uvloop.run(main(read_arguments()))
