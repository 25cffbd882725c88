"""How fast KPI counts, beside the raw limit of its Kafka client, in one run: `python -m benchmarks.kpi_ingest`."""

import argparse
import asyncio
import json
import os
import statistics
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop
from aiokafka import AIOKafkaProducer
from sqlalchemy import text

from benchmarks import mix
from deploy.kafka.topics import create_topics, declared
from services.kpi import repository
from services.kpi.adoption import adopt
from services.kpi.ingest import offsets
from services.kpi.ingest.consumers import topics
from shared.database import Database
from shared.tenancy import EVERY_TENANT
from tests.support.databases import Databases
from tests.support.platform import local_platform, temporary_home

GROUPS = 2
"""Page views, and everything else."""
RAW = "aiokafka getmany, nothing decoded"
KOMPAS = {
    # By centre: two goals, or twenty.
    f"Kompas, exactly once into PostgreSQL, {10 * goals} goals, {workers} {'worker' if workers == 1 else 'workers'}": (
        goals,
        workers,
    )
    for goals in (2, 20)
    for workers in (1, 2)
}
PEERS = {
    "Quix Streams, with state": "quix_state",
    "Bytewax, plain count": "bytewax_plain",
    "Faust, with a table": "faust_table",
}


@dataclass
class Run:
    """From the first batch to the last record counted; CPU of the processes that read."""

    events: int
    seconds: float
    cpu: float

    @property
    def rate(self) -> float:
        return self.events / self.seconds


async def adopt_plan(database: Database, expected: mix.Mix, goals: int) -> None:
    plan = mix.plan(expected.tenants, goals)
    for tenant in expected.tenants:
        async with database.transaction(tenant) as session:
            await adopt(session, tenant, plan, 2023)
            await repository.set_live(session, await repository.backfilling(session))


async def kompas(url: str, kafka: str, expected: mix.Mix, number: int, goals: int, workers: int) -> Run:
    """What `kompas worker kpi` does with the log, offsets, receipts and all, in so many processes."""
    database = Database(url)
    await adopt_plan(database, expected, goals)
    environment = os.environ | {"KOMPAS_DATABASE_URL": url, "KOMPAS_KAFKA_BOOTSTRAP_SERVERS": kafka}
    members = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.kpi_member", env=environment, stdin=PIPE, stdout=PIPE
        )
        for _ in range(workers)
    ]
    await joined(members)
    for each in members:
        assert each.stdin
        each.stdin.write(b"go\n")
    await counted(database, number)
    told = await asyncio.gather(*(each.communicate(b"stop\n") for each in members))
    said = [json.loads(out) for out, _ in told]
    await verify(database, expected)
    await database.dispose()
    seconds = max(each["ended"] for each in said) - min(each["began"] for each in said)
    return Run(number, seconds, sum(each["cpu"] for each in said))


async def joined(members: Sequence[Process]) -> None:
    """Until every partition is some member's, so that none moves while the clock runs. Each says what it was given."""
    given: dict[tuple[Process, str], int] = {}
    partitions = sum(topic.partitions for topic in declared() if topic.name in topics())

    async def listen(member: Process) -> None:
        while len(given) < GROUPS * len(members) or sum(given.values()) != partitions:
            group, number = (await member.stdout.readline()).decode().split()  # type: ignore[union-attr]
            given[member, group] = int(number)

    tasks = [asyncio.create_task(listen(each)) for each in members]
    done, others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for each in others:
        each.cancel()
    await asyncio.gather(*done, *others, return_exceptions=True)


async def counted(database: Database, number: int) -> None:
    while True:
        async with database.transaction(EVERY_TENANT) as session:
            if sum((await offsets.positions(session)).values()) >= number:
                return
        await asyncio.sleep(0.1)


async def verify(database: Database, expected: mix.Mix) -> None:
    """Speed counts for nothing when the numbers are wrong."""
    async with database.transaction(EVERY_TENANT) as session:
        found = await (await session.connection()).execute(
            text("select goal, sum(value)::int from tallies where goal in ('B.1', 'B.3') group by goal order by goal")
        )
        assert [tuple(row) for row in found] == [("B.1", len(expected.views)), ("B.3", expected.bookings)]


async def other(kafka: str, number: int, *command: str | Path) -> Run:
    """What is no Kompas, in a process of its own, and a peer in an environment of its own."""
    process = await asyncio.create_subprocess_exec(*command, kafka, str(number), *topics(), stdout=PIPE)
    out, _ = await process.communicate()
    said = [line for line in out.decode().splitlines() if line.startswith("{")]
    if process.returncode or not said:
        raise RuntimeError(f"{command[-1]} did not finish")
    return Run(**json.loads(said[-1]))


async def fill(kafka: str, number: int, mixed: mix.Mix) -> mix.Mix:
    await create_topics(kafka)
    producer = AIOKafkaProducer(bootstrap_servers=kafka, linger_ms=20, max_batch_size=256 * 1024)
    await producer.start()
    for topic, key, value in mixed.events(number):
        await producer.send(topic, value, key=key)
    await producer.stop()
    return mixed


async def measure(arguments: argparse.Namespace, admin_url: str, kafka: str) -> dict[str, Any]:
    number = arguments.events
    mixed, databases = await fill(kafka, number, mix.Mix()), Databases(admin_url)
    found: dict[str, list[Run]] = {name: [] for name in (RAW, *KOMPAS, *(PEERS if arguments.peers else ()))}
    for turn in range(1, arguments.rounds + 1):
        for name, runs in found.items():
            if name == RAW:
                runs.append(await other(kafka, number, sys.executable, "-m", "benchmarks.kpi_raw"))
            elif name in KOMPAS:
                runs.append(await kompas(await databases.fresh("kpi"), kafka, mixed, number, *KOMPAS[name]))
            else:
                script = Path(__file__).parent / "peers" / f"{PEERS[name]}.py"
                runs.append(await other(kafka, number, arguments.peers, script))
            print(f"round {turn}: {name}: {runs[-1].rate:,.0f} events/s", flush=True)
    return summary(found, number)


def summary(found: Mapping[str, Sequence[Run]], number: int) -> dict[str, Any]:
    """Medians, and ratios of each round to the raw limit of the same round: the machine's noise is in both."""
    return {
        "events": number,
        "tenants": len(mix.TENANTS),
        "cores": os.cpu_count(),
        "results": {
            name: {
                "events_per_second": [round(each.rate) for each in runs],
                "median": round(statistics.median(each.rate for each in runs)),
                "ratio_to_raw": round(
                    statistics.median(each.rate / limit.rate for each, limit in zip(runs, found[RAW], strict=True)), 3
                ),
                "cpu_seconds_per_million": round(statistics.median(each.cpu / each.events for each in runs) * 1e6, 1),
            }
            for name, runs in found.items()
        },
    }


def table(found: Mapping[str, Any]) -> str:
    lines = ["| job | events/s, median (each round) | of raw | client CPU s per million |", "|---|---|---|---|"]
    for name, row in found["results"].items():
        rounds = ", ".join(f"{each:,}" for each in row["events_per_second"])
        lines.append(
            f"| {name} | {row['median']:,} ({rounds}) | {row['ratio_to_raw']:.3f} | {row['cpu_seconds_per_million']} |"
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
    parser.add_argument("--events", type=int, default=300_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="where to write the figures as well")
    parser.add_argument("--peers", metavar="PYTHON", help="has quixstreams, bytewax, faust-streaming")
    return parser.parse_args()


if __name__ == "__main__":
    uvloop.run(main(read_arguments()))
