"""How soon a committed command is a committed counter, and in the browser: `python -m benchmarks.kpi_latency`.

A command is an observation that staff record: a row and its event, committed together. From there the event goes the
whole way: outbox, relay, Kafka, counting, and over the stream to whoever listens. Worker and API are processes of
their own, as in production.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import uvloop

from deploy.kafka.topics import create_topics
from deploy.local.ports import free_ports
from services.kpi import repository
from services.kpi.adoption import adopt
from services.kpi.definition.plan import Plan
from services.kpi.goals.changes import CHANNEL, announced
from services.kpi.observations.schemas import NewObservation
from services.kpi.observations.usecases import record
from shared.auth import Principal, Role
from shared.clock import today
from shared.database import Database
from tests.support.databases import Databases
from tests.support.platform import local_platform, temporary_home

TENANT = "center-0"
GOALS = 100
"""Each command is about another one of so many goals, so that a message about a goal is about one command."""
WARM_UP = 200


def plan(year: int) -> Plan:
    goals = [
        {
            "id": f"L.{number}",
            "theme": "L",
            "statement": "Et tal",
            "statement_en": "A number",
            "target": 1_000_000,
            "unit": "ting",
            "unit_en": "things",
            "source": "observation",
            "due": f"{year}-12-31",
            "measure": {"kind": "manual", "series": f"tal-{number}"},
        }
        for number in range(GOALS)
    ]
    return Plan.model_validate(
        {
            "plan": "latency",
            "year": year,
            "tenants": [TENANT],
            "title": "Målt",
            "title_en": "Measured",
            "themes": {"L": "L"},
            "goals": goals,
        }
    )


class Stopwatch:
    """When each goal's command was committed, and when it was counted and seen."""

    def __init__(self) -> None:
        self.began: dict[str, float] = {}
        self.values: dict[str, int] = {}
        self.counted: list[float] = []
        self.seen: list[float] = []
        self._waiting: set[str] = set()

    def committed(self, goal: str, began: float, value: int) -> None:
        self.began[goal], self.values[goal] = began, value
        self._waiting.add(goal)

    def count(self, goal: str) -> None:
        if goal in self._waiting:
            self._waiting.discard(goal)
            self.counted.append(time.perf_counter() - self.began[goal])

    def see(self, goal: str, value: float | None) -> None:
        if value is not None and self.values.get(goal) == value:
            self.seen.append(time.perf_counter() - self.began[goal])


@asynccontextmanager
async def kompas(url: str, kafka: str, *arguments: str) -> AsyncIterator[None]:
    environment = os.environ | {"KOMPAS_DATABASE_URL": url, "KOMPAS_KAFKA_BOOTSTRAP_SERVERS": kafka}
    environment |= {"KOMPAS_LOG_LEVEL": "ERROR"}
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "kompas.main", *arguments, env=environment)
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


async def hear_counters(database: Database, watch: Stopwatch) -> None:
    """A transaction's notifications arrive when it commits."""
    connection = await database.connection()
    await connection.execute(f"listen {CHANNEL}")
    async for notice in connection.notifies():
        for goal in announced(notice.payload):
            watch.count(goal.goal)


async def browse(port: int, watch: Stopwatch, connected: asyncio.Event) -> None:
    async with httpx2.AsyncClient(timeout=None) as client:
        while True:
            try:
                async with client.stream("GET", f"http://127.0.0.1:{port}/kpi/{TENANT}/stream") as answer:
                    connected.set()
                    async for line in answer.aiter_lines():
                        if line.startswith("data: "):
                            goal = json.loads(line.removeprefix("data: "))
                            watch.see(goal["id"], goal["value"])
            except httpx2.TransportError:
                await asyncio.sleep(0.2)


async def command(database: Database, watch: Stopwatch, number: int) -> None:
    goal = number % GOALS
    new = NewObservation(series=f"tal-{goal}", value=number + 1, observed_on=today())
    async with database.transaction(TENANT) as session:
        await record(session, TENANT, new, Principal(TENANT, Role.STAFF, "åse"))
    watch.committed(f"L.{goal}", time.perf_counter(), number + 1)


async def send(database: Database, watch: Stopwatch, numbers: range, rate: float) -> None:
    began, running = time.perf_counter(), set()
    for turn, number in enumerate(numbers):
        await asyncio.sleep(max(0.0, began + turn / rate - time.perf_counter()))
        running.add(asyncio.create_task(command(database, watch, number)))
    await asyncio.gather(*running)
    await asyncio.sleep(2)


async def measure(arguments: argparse.Namespace, admin_url: str, kafka: str) -> dict[str, Any]:
    await create_topics(kafka)
    url, [port] = await Databases(admin_url).fresh("kpi"), free_ports(1)
    database, connected = Database(url), asyncio.Event()
    async with database.transaction(TENANT) as session:
        await adopt(session, TENANT, plan(today().year), today().year)
        await repository.set_live(session, await repository.backfilling(session))
    watch = Stopwatch()
    async with kompas(url, kafka, "worker", "kpi"), kompas(url, kafka, "api", "kpi", "--port", str(port)):
        tasks = [asyncio.create_task(hear_counters(database, watch))]
        tasks.append(asyncio.create_task(browse(port, watch, connected)))
        await connected.wait()
        while not watch.seen:
            # Until the worker has joined its group and everything has been run once.
            await send(database, watch, range(-WARM_UP, 0), arguments.rate)
        watch.counted.clear(), watch.seen.clear()
        await send(database, watch, range(int(arguments.rate * arguments.seconds)), arguments.rate)
        for task in tasks:
            task.cancel()
    await database.dispose()
    return {
        "commands": int(arguments.rate * arguments.seconds),
        "per_second": arguments.rate,
        "counter": summary(watch.counted),
        "browser": summary(watch.seen),
    }


def summary(seconds: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(seconds, n=100)
    found = {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "max": max(seconds)}
    return {"number": len(seconds)} | {name: round(value * 1000, 1) for name, value in found.items()}


def table(found: dict[str, Any]) -> str:
    lines = ["| from the commit of a command to | told | p50 ms | p95 | p99 | max |", "|---|---|---|---|---|---|"]
    for name, row in (("the committed counter", found["counter"]), ("the browser (SSE)", found["browser"])):
        lines.append(f"| {name} | {row['number']:.0f} | {row['p50']} | {row['p95']} | {row['p99']} | {row['max']} |")
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


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=100, help="commands a second")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--json", type=Path, help="where to write the figures as well")
    uvloop.run(main(parser.parse_args()))
