"""How fast and how well activities are found, beside SQLite FTS5 and PostgreSQL: `python -m benchmarks.directory`.

A hundred thousand activities, all one centre's, then shared by 98 centres; over HTTP, at one client and at sixteen.
"""

import argparse
import asyncio
import json
import os
import re
import sqlite3
import statistics
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil
import psycopg
import uvloop
from sqlalchemy.engine import make_url

from benchmarks.booking import Client
from benchmarks.directory_fill import Town, fill
from deploy.local.home import Home
from deploy.local.ports import free_ports
from deploy.local.postgres import Postgres
from services.directory.search.danish import words_of
from tests.support import judging
from tests.support.databases import Databases
from tests.support.found import kompas
from tests.support.platform import temporary_home

CASES = {"one centre": ("odense",), "98 centres": tuple(f"center-{number}" for number in range(98))}
LIMITS_MS = {"activities": 50.0, "activities/suggestions": 15.0}
# The last does nothing but answer: on a busy machine it says how busy.
DOORS = {"activities": Town.questions, "activities/suggestions": Town.typed, "health/live": None}
WARMING = 100
ENTRIES = re.compile(rb"^kompas_search_entries\{.*\} (\S+)", re.MULTILINE)
BROWSER = "user-agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"


class Browser(Client):
    """Says that it is one: what crawlers ask is not counted, and counting is part of what is measured."""

    async def get(self, path: str) -> tuple[int, bytes]:
        self._writer.write(f"GET {path} HTTP/1.1\r\nhost: kompas\r\n{BROWSER}\r\n".encode())
        answer = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = answer.partition(b"content-length: ")[2].split(b"\r\n", 1)[0]
        return int(answer[9:12]), await self._reader.readexactly(int(length))


@dataclass(frozen=True)
class Server:
    port: int
    process: psutil.Process

    def cpu(self) -> float:
        times = self.process.cpu_times()
        return float(times.user + times.system)


@asynccontextmanager
async def serving(url: str) -> AsyncIterator[Server]:
    """A server process of its own, as in production."""
    [port] = free_ports(1)
    environment = {**os.environ, "KOMPAS_DATABASE_URL": url, "KOMPAS_LOG_LEVEL": "ERROR"}
    command = (sys.executable, "-m", "kompas.main", "api", "directory", "--port", str(port))
    process = await asyncio.create_subprocess_exec(*command, env=environment)
    try:
        while True:
            try:
                (await Browser.connect(port)).close()
                break
            except ConnectionError:
                await asyncio.sleep(0.1)
        yield Server(port, psutil.Process(process.pid))
    finally:
        process.terminate()
        await process.wait()


async def ask(servers: Sequence[Server], paths: Iterable[str], clients: int) -> list[float]:
    """Milliseconds of each request. Every client sends its next one as soon as it is answered, and stays with its
    server, as a gateway deals out connections."""
    waiting, milliseconds = iter(list(paths)), list[float]()

    async def go(server: Server) -> None:
        browser = await Browser.connect(server.port)
        for path in waiting:
            began = time.perf_counter()
            status, _ = await browser.get(path)
            milliseconds.append((time.perf_counter() - began) * 1_000)
            assert status == 200, path
        browser.close()

    await asyncio.gather(*(go(servers[number % len(servers)]) for number in range(clients)))
    return sorted(milliseconds)


def figures(milliseconds: Sequence[float], seconds: float, cpu: float) -> dict[str, float]:
    return {
        "requests_a_second": round(len(milliseconds) / seconds, 1),
        "p50_ms": round(statistics.median(milliseconds), 2),
        "p99_ms": round(milliseconds[int(len(milliseconds) * 0.99)], 2),
        "server_cpu_ms_each": round(cpu / len(milliseconds) * 1_000, 2),
    }


async def measure(databases: Databases, tenants: Sequence[str], arguments: argparse.Namespace) -> dict[str, Any]:
    url, requests = await databases.fresh("directory"), arguments.requests
    town = Town()
    await fill(url, tenants, list(town.activities(arguments.activities, tenants)))
    began = time.perf_counter()
    async with AsyncExitStack() as running:
        servers = [await running.enter_async_context(serving(url)) for _ in range(arguments.processes)]
        for server in servers:
            while await entries(server.port) < arguments.activities:  # noqa: ASYNC110 (another process reads)
                await asyncio.sleep(0.5)
        found: dict[str, Any] = {"seconds_to_read_all": round(time.perf_counter() - began, 1)}
        found["server_megabytes"] = [server.process.memory_info().rss // 2**20 for server in servers]
        for door, asked in DOORS.items():
            for clients in (1, 16):
                paths = [
                    f"/directory/{tenants[at % len(tenants)]}/{door}?{urlencode(each)}"
                    if asked
                    else f"/directory/{door}"
                    for at, each in enumerate(asked(town, requests + WARMING) if asked else [{}] * (requests + WARMING))
                ]
                await ask(servers, paths[:WARMING], clients)
                cpu, start = sum(server.cpu() for server in servers), time.perf_counter()
                milliseconds = await ask(servers, paths[WARMING:], clients)
                seconds = time.perf_counter() - start
                result = figures(milliseconds, seconds, sum(server.cpu() for server in servers) - cpu)
                found[f"{door}, {clients} client{'s' * (clients > 1)}"] = {
                    **result,
                    "limit_p99_ms": LIMITS_MS.get(door),
                }
    return found


async def entries(port: int) -> float:
    browser = await Browser.connect(port)
    with suppress(IndexError):
        _, exposition = await browser.get("/directory/metrics")
        browser.close()
        return float(ENTRIES.findall(exposition)[0])
    return 0.0


def sqlite(judged: judging.Judged, database: sqlite3.Connection) -> list[str]:
    words = " ".join(f'"{word}"' for word in words_of(judged.typed))
    rows = database.execute(
        "select key, at from entries where entries match ? order by bm25(entries, 0, 0, 4, 2, 1), at", (words,)
    ) if words else database.execute("select key, at from entries order by at")  # fmt: skip
    return [key for key, at in rows if fits(judging.activities()[at], judged.filters)][:50]


def in_sqlite() -> Callable[[judging.Judged], list[str]]:
    database = sqlite3.connect(":memory:")
    database.execute(
        "create virtual table entries"
        " using fts5(key unindexed, at unindexed, title, around, description, tokenize='unicode61')"
    )
    database.executemany(
        "insert into entries values (?, ?, ?, ?, ?)",
        [
            (each["key"], at, each["title"], around(each), each["description"])
            for at, each in enumerate(judging.activities())
        ],
    )
    return lambda judged: sqlite(judged, database)


def in_postgres(url: str) -> Callable[[judging.Judged], list[str]]:
    """Its Danish text search, weighted: all words must occur, the last one may be unfinished."""
    conninfo = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg.connect(conninfo, autocommit=True)
    connection.execute(
        "create temp table entries as select * from unnest(%s::text[], %s::int[], %s::text[], %s::text[], %s::text[])"
        " as t(key, at, title, around, description)",
        [
            list(column)
            for column in zip(
                *(
                    (each["key"], at, each["title"], around(each), each["description"])
                    for at, each in enumerate(judging.activities())
                ),
                strict=True,
            )
        ],
    )
    connection.execute(
        "alter table entries add column search tsvector generated always as ("
        " setweight(to_tsvector('danish', title), 'A') || setweight(to_tsvector('danish', around), 'B')"
        " || setweight(to_tsvector('danish', description), 'C')) stored"
    )

    def search(judged: judging.Judged) -> list[str]:
        words = words_of(judged.typed)
        rows = connection.execute(
            "select key, at from entries where search @@ to_tsquery('danish', %(q)s)"
            " order by ts_rank(search, to_tsquery('danish', %(q)s)) desc, at",
            {"q": " & ".join(words) + ":*"},
        ) if words else connection.execute("select key, at from entries order by at")  # fmt: skip
        return [key for key, at in rows if fits(judging.activities()[at], judged.filters)][:50]

    return search


def around(each: Mapping[str, Any]) -> str:
    return " ".join([*each["themes"], *each["target_groups"], each["locality"], each["organisation"]])


def fits(each: Mapping[str, Any], filters: Mapping[str, str]) -> bool:
    """The filters, told to engines that have none."""
    held = {
        "target_group": each["target_groups"],
        "weekday": [str(time["weekday"]) for time in each["schedules"]],
        "access": each["accessibility"],
        "form": ["physical", "digital"] if each["form"] == "both" else [each["form"]],
        "price": ["cheap"] if each["price"] and each["price"] <= 50 else [],
    }
    return all(value in held[name] for name, value in filters.items())


async def main(arguments: argparse.Namespace) -> dict[str, Any]:
    async with temporary_home() as root:
        home, [port] = Home(root), free_ports(1)
        home.prepare()
        postgres = Postgres(home, port)
        await postgres.start()
        try:
            databases = Databases(postgres.admin_url)
            found: dict[str, Any] = {}
            if not arguments.relevance_only:
                for case, tenants in CASES.items():
                    if case not in arguments.cases:
                        continue
                    found[case] = await measure(databases, tenants, arguments)
            engines = {
                "Kompas": kompas(),
                "PostgreSQL, danish": in_postgres(await databases.fresh("directory")),
                "SQLite FTS5": in_sqlite(),
            }
            found["relevance"] = {
                name: {
                    kind: {"ndcg_at_10": round(gain, 3), "recall_at_20": round(recall, 3), "queries": number}
                    for kind, (gain, recall, number) in judging.scores(engine).items()
                }
                for name, engine in engines.items()
            }
            return found
        finally:
            await postgres.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--activities", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=3_000)
    parser.add_argument("--processes", type=int, default=1, help="servers side by side, as behind a gateway")
    parser.add_argument("--cases", nargs="+", choices=list(CASES), default=list(CASES))
    parser.add_argument("--relevance-only", action="store_true")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    written = json.dumps(uvloop.run(main(arguments)), indent=1, ensure_ascii=False)
    if arguments.json:
        arguments.json.write_text(written)
    print(written)
