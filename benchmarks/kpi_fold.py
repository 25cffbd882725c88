"""What counting an event costs, without Kafka: `python -m benchmarks.kpi_fold`.

CPU of the worker's process and of PostgreSQL's, page views and facts one after the other, as the worker takes them.
Such figures bear neighbours better than events a second do.
"""

import argparse
import os
import time
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import uvloop
from aiokafka import ConsumerRecord, TopicPartition
from sqlalchemy import text

from benchmarks import mix
from benchmarks.kpi_ingest import verify
from benchmarks.kpi_limits import CENTRES, GOALS_EACH
from deploy.local.home import Home
from deploy.local.ports import free_ports
from deploy.local.postgres import Postgres
from services.kpi import repository
from services.kpi.adoption import adopt
from services.kpi.ingest import goals as goals_of
from services.kpi.ingest.memory import look_for_cycles_less_often
from services.kpi.ingest.usecases import Ingest
from services.kpi.settings import KpiSettings
from shared.database import Database
from shared.events.web import PageViewed
from shared.metrics import Metrics
from shared.tenancy import EVERY_TENANT
from tests.support.databases import Databases
from tests.support.platform import temporary_home

PARTITIONS = 6


async def postgres_cpu(database: Database) -> float:
    """Seconds, of all connections of this database."""
    async with database.transaction(EVERY_TENANT) as session:
        statement = text("select pid from pg_stat_activity where datname = current_database()")
        return sum(_cpu(row.pid) for row in await (await session.connection()).execute(statement))


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def records(mixed: mix.Mix, number: int) -> tuple[list[ConsumerRecord], list[ConsumerRecord]]:
    """Page views, and everything else."""
    told: tuple[list[ConsumerRecord], list[ConsumerRecord]] = ([], [])
    ends: dict[TopicPartition, int] = {}
    for topic, key, value in mixed.events(number):
        place = TopicPartition(topic, crc32(key) % PARTITIONS)
        offset = ends[place] = ends.get(place, -1) + 1
        told[topic != PageViewed.TOPIC].append(ConsumerRecord(*place, offset, 0, 0, key, value, None, 0, 0, ()))
    return told


async def count(database: Database, told: Sequence[ConsumerRecord], at_once: int) -> tuple[float, float, float]:
    """Seconds of the clock, of the worker and of PostgreSQL."""
    ingest = Ingest(database, Metrics("kpi"))
    await ingest.start_offsets({TopicPartition(each.topic, each.partition) for each in told})
    before = await postgres_cpu(database)
    began, cpu = time.perf_counter(), time.process_time()
    for start in range(0, len(told), at_once):
        batch = sorted(told[start : start + at_once], key=lambda each: (each.topic, each.partition, each.offset))
        await ingest.take(batch)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    return seconds, cpu, await postgres_cpu(database) - before


async def measure(arguments: argparse.Namespace, database: Database) -> None:
    tenants = tuple(f"center-{number}" for number in range(CENTRES)) if arguments.many else mix.TENANTS
    mixed = mix.Mix(tenants)
    plan = mix.plan(tenants, GOALS_EACH if arguments.many else len(mix.MEASURES))
    views, facts = records(mixed, arguments.events)
    for tenant in tenants:
        async with database.transaction(tenant) as session:
            await adopt(session, tenant, plan, 2023)
            await repository.set_live(session, await repository.backfilling(session))
    async with database.transaction(EVERY_TENANT) as session:
        await goals_of.live(session)
    look_for_cycles_less_often()
    of_all = [0.0, 0.0, 0.0]
    settings = KpiSettings(database_url=database.url)
    for name, told, at_once in (("page views", views, settings.batch_views), ("facts", facts, settings.batch_records)):
        found = await count(database, told, at_once)
        of_all = [before + each for before, each in zip(of_all, found, strict=True)]
        print(name, len(told), _written(found, len(told)))
    print("all", arguments.events, _written(of_all, arguments.events))
    await verify(database, mixed)


def _written(seconds: Sequence[float], number: int) -> str:
    clock, worker, postgres = (each / number * 1e6 for each in seconds)
    return f"µs an event: worker {worker:.1f}, PostgreSQL {postgres:.1f}, clock {clock:.1f}"


async def main(arguments: argparse.Namespace) -> None:
    async with temporary_home() as root:
        home, [port] = Home(root), free_ports(1)
        home.prepare()
        postgres = Postgres(home, port)
        await postgres.start()
        try:
            database = Database(await Databases(postgres.admin_url).fresh("kpi"))
            await measure(arguments, database)
            await database.dispose()
        finally:
            await postgres.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--many", action="store_true", help="a plan of 102 goals at each of 98 centres")
    uvloop.run(main(parser.parse_args()))
