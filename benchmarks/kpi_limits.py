"""What counting costs when there is much of it: `python -m benchmarks.kpi_limits`.

Memory while a million events pass, the history of new goals beside live counting, 10,000 goals beside 20 a centre.
"""

import argparse
import asyncio
import json
import os
import time
from pathlib import Path
from typing import Any

import uvloop
from sqlalchemy import text

from benchmarks import mix
from benchmarks.kpi_ingest import adopt_plan, fill, verify
from benchmarks.kpi_member import Clock, counting
from services.kpi import repository
from services.kpi.ingest.backfill import Backfill
from services.kpi.ingest.repository import forget
from services.kpi.settings import KpiSettings
from shared.database import Database
from shared.tenancy import EVERY_TENANT
from tests.support.databases import Databases
from tests.support.platform import local_platform, temporary_home

CENTRES, GOALS_EACH = 98, 102


class MemoryClock(Clock):
    """Looks at the process's memory at each so many events, and sees when all are counted."""

    def __init__(self, number: int, every: int) -> None:
        super().__init__()
        self._number, self._every, self._counted = number, every, 0
        self.done = asyncio.Event()
        self.megabytes: list[int] = []

    def given(self, group: str, partitions: int) -> None:
        """All of them are ours."""

    def count(self, number: int) -> None:
        super().count(number)
        self._counted += number
        while self._counted >= self._every * (len(self.megabytes) + 1):
            self.megabytes.append(_megabytes())
        if self._counted >= self._number:
            self.done.set()


def _megabytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 2**20


async def live(settings: KpiSettings, clock: MemoryClock, expected: mix.Mix, goals: int) -> None:
    """As a worker counts, in this process: what it holds in memory is ours to look at."""
    database, go = Database(settings.database_url), asyncio.Event()
    await adopt_plan(database, expected, goals)
    go.set()
    async with counting(settings, database, clock, go):
        await clock.done.wait()
    await verify(database, expected)
    await database.dispose()


async def history(settings: KpiSettings, number: int, expected: mix.Mix) -> dict[str, float]:
    """How fast goals that are new are given their history from the log: all of them, as if none had been counted."""
    database = Database(settings.database_url)
    async with database.transaction(EVERY_TENANT) as session:
        await forget(session, await repository.live(session))
        await (await session.connection()).execute(text("update goals set status = 'backfilling'"))
        await repository.change_version(session)
    began, cpu = time.perf_counter(), time.process_time()
    await Backfill(database, settings).catch_up()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    await verify(database, expected)
    await database.dispose()
    return {
        "history_events_per_second": round(number / seconds),
        "history_cpu_microseconds_per_event": round(cpu / number * 1e6, 1),
    }


async def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = {}
    # A log each: what is in a topic is read by everybody who comes later.
    centres = tuple(f"center-{number}" for number in range(CENTRES))
    for name, tenants, goals, number in (
        ("few_goals", mix.TENANTS, len(mix.MEASURES), arguments.events),
        ("many_goals", centres, GOALS_EACH, arguments.events),
        ("memory", mix.TENANTS, len(mix.MEASURES), arguments.many),
    ):
        async with temporary_home() as root:
            platform = local_platform(root)
            await platform.start()
            try:
                kafka = platform.bootstrap_servers
                mixed = await fill(kafka, number, mix.Mix(tenants, 100_000))
                url = await Databases(platform.admin_url).fresh("kpi")
                settings = KpiSettings(database_url=url, kafka_bootstrap_servers=kafka)
                clock = MemoryClock(number, max(1, number // 10))
                await live(settings, clock, mixed, goals)
                found[name] = {
                    "goals": goals * len(tenants),
                    "centres": len(tenants),
                    "events": number,
                    "events_per_second": round(number / (clock.ended - clock.began)),
                    "cpu_microseconds_per_event": round(clock.cpu / number * 1e6, 1),
                    "megabytes_at_each_tenth": clock.megabytes,
                }
                if name == "few_goals":
                    found[name] |= await history(settings, number, mixed)
            finally:
                await platform.stop()
        print(name, found[name], flush=True)
    return found


async def main(arguments: argparse.Namespace) -> None:
    found = await measure(arguments)
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=300_000)
    parser.add_argument("--many", type=int, default=1_000_000, help="events that pass while memory is looked at")
    parser.add_argument("--json", type=Path, help="where to write the figures as well")
    uvloop.run(main(parser.parse_args()))
