"""How soon a committed command is a committed counter, and in the browser: `python -m benchmarks.kpi_latency`.

A command is an observation that staff record: a row and its event, committed together. From there the event goes the
whole way: outbox, relay, Kafka, counting, and over the stream to whoever listens. Worker and API are processes of
their own, as in production, and so is the browser (`benchmarks/kpi_onlooker.py`), which tells when it saw what.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import time
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import uvloop

from deploy.kafka.topics import create_topics
from deploy.local.ports import free_ports
from services.kpi import repository
from services.kpi.adoption import adopt
from services.kpi.definition.plan import Plan
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
WARM_UP = 500


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


class Commands:
    """When each command was committed."""

    def __init__(self) -> None:
        self._of: dict[str, dict[int, float]] = defaultdict(dict)

    def committed(self, goal: str, value: int) -> None:
        self._of[goal][value] = time.monotonic()

    def until(self, told: Path) -> tuple[list[float], list[float]]:
        """How long each took to be counted, and to be seen, as the onlooker told it."""
        heard: dict[str, list[float]] = defaultdict(list)
        saw: dict[tuple[str, int], float] = {}
        for line in told.read_text().splitlines():
            at, goal, *value = line.split()
            if value:
                saw.setdefault((goal, int(value[0])), float(at))
            else:
                heard[goal].append(float(at))
        counted, seen = [], []
        for goal, commits in self._of.items():
            for number, committed in commits.items():
                # Told of a goal, but not of which command: the first after it, for there is one a second at most.
                counted += [each - committed for each in heard[goal][bisect(heard[goal], committed) :][:1]]
                if (goal, number) in saw:
                    seen.append(saw[goal, number] - committed)
        return counted, seen


@asynccontextmanager
async def running(url: str, kafka: str, *arguments: str, output: Path | None = None) -> AsyncIterator[int]:
    environment = os.environ | {"KOMPAS_DATABASE_URL": url, "KOMPAS_KAFKA_BOOTSTRAP_SERVERS": kafka}
    environment |= {"KOMPAS_LOG_LEVEL": "ERROR"}
    with (output or Path(os.devnull)).open("wb") as file:
        process = await asyncio.create_subprocess_exec(sys.executable, *arguments, env=environment, stdout=file)
    try:
        yield process.pid
    finally:
        process.terminate()
        await process.wait()


async def command(database: Database, commands: Commands, number: int) -> None:
    goal = number % GOALS
    new = NewObservation(series=f"tal-{goal}", value=number + 1, observed_on=today())
    async with database.transaction(TENANT) as session:
        await record(session, TENANT, new, Principal(TENANT, Role.STAFF, "åse"))
    commands.committed(f"L.{goal}", number + 1)


async def send(database: Database, commands: Commands, numbers: range, rate: float) -> None:
    began = time.monotonic()
    async with asyncio.TaskGroup() as sending:
        for turn, number in enumerate(numbers):
            await asyncio.sleep(max(0.0, began + turn / rate - time.monotonic()))
            sending.create_task(command(database, commands, number))
    await asyncio.sleep(2)


def cpu(named: dict[str, int]) -> Counter[str]:
    """Seconds that each of these processes has used, and that the servers under us have."""
    found: Counter[str] = Counter()
    names = {pid: name for name, pid in named.items()} | {os.getpid(): "commands"}
    for process in (psutil.Process(), *psutil.Process().children(recursive=True)):
        used = process.cpu_times()
        name = names.get(process.pid) or ("PostgreSQL" if process.name().startswith("postgres") else "Kafka")
        found[name] += used.user + used.system
    return found


async def measure(arguments: argparse.Namespace, root: Path, admin_url: str, kafka: str) -> dict[str, Any]:
    await create_topics(kafka)
    url, [port] = await Databases(admin_url).fresh("kpi"), free_ports(1)
    database, told = Database(url), root / "onlooker.txt"
    async with database.transaction(TENANT) as session:
        await adopt(session, TENANT, plan(today().year), today().year)
        await repository.set_live(session, await repository.backfilling(session))
    onlooker = ("-m", "benchmarks.kpi_onlooker", f"http://127.0.0.1:{port}/kpi/{TENANT}/stream")
    async with (
        running(url, kafka, "-m", "kompas.main", "worker", "kpi") as worker,
        running(url, kafka, "-m", "kompas.main", "api", "kpi", "--port", str(port)) as api,
        running(url, kafka, *onlooker, output=told) as browser,
    ):
        sent = Commands()
        while not sent.until(told)[1]:
            # Until the worker has joined its group and everything has been run once.
            sent = Commands()
            await send(database, sent, range(-WARM_UP, 0), arguments.rate)
        pids, commands = {"worker": worker, "API": api, "browser": browser}, Commands()
        before = cpu(pids)
        await send(database, commands, range(int(arguments.rate * arguments.seconds)), arguments.rate)
        used = cpu(pids) - before
    await database.dispose()
    counted, seen = commands.until(told)
    number = int(arguments.rate * arguments.seconds)
    return {
        "commands": number,
        "per_second": arguments.rate,
        "counter": summary(counted),
        "browser": summary(seen),
        "cpu_ms_a_command": {name: round(seconds * 1000 / number, 2) for name, seconds in used.most_common()},
        "load": os.getloadavg(),
    }


def summary(seconds: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(seconds, n=100)
    found = {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "max": max(seconds)}
    return {"number": len(seconds)} | {name: round(value * 1000, 1) for name, value in found.items()}


def table(found: dict[str, Any]) -> str:
    lines = ["| from the commit of a command to | told | p50 ms | p95 | p99 | max |", "|---|---|---|---|---|---|"]
    for name, row in (("the committed counter", found["counter"]), ("the browser (SSE)", found["browser"])):
        lines.append(f"| {name} | {row['number']:.0f} | {row['p50']} | {row['p95']} | {row['p99']} | {row['max']} |")
    used = found["cpu_ms_a_command"]
    each = ", ".join(f"{name} {milliseconds}" for name, milliseconds in used.items())
    lines += ["", f"CPU, ms a command: {sum(used.values()):.1f} ({each}); load {found['load'][0]:.1f}"]
    return "\n".join(lines)


async def main(arguments: argparse.Namespace) -> None:
    async with temporary_home() as root:
        platform = local_platform(root)
        await platform.start()
        try:
            found = await measure(arguments, root, platform.admin_url, platform.bootstrap_servers)
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
