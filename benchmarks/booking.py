"""How fast a booking is confirmed, beside the raw limit of its server and driver, and how fast a month of free times
is answered, with few bookings and with a million: `python -m benchmarks.booking`."""

import argparse
import asyncio
import json
import os
import re
import statistics
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple, Self

import uvloop

from benchmarks.booking_fill import MONTH_DAYS, TENANT, Centre
from deploy.local.home import Home
from deploy.local.ports import LOOPBACK, free_ports
from deploy.local.postgres import Postgres
from shared.clock import today
from tests.support.databases import Databases
from tests.support.platform import temporary_home

CITIZEN = {"name": "Amina Ærø", "email": "amina@example.com", "phone": "+4520123456", "language": "da"}
NAMES = {"kompas": ("kompas.main", "api", "booking", "--port"), "limit": ("benchmarks.booking_limit",)}
SERVER_TIME = re.compile(rb'^kompas_http_request_seconds_(sum|count)\{.*slots".*\} (\S+)', re.MULTILINE)


class Client:
    """One connection that is kept, and as little work as can be: it shares the machine with what it measures."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def connect(cls, port: int) -> Self:
        return cls(*await asyncio.open_connection(LOOPBACK, port, limit=2**22))

    async def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> tuple[int, bytes]:
        content = json.dumps(body).encode() if body else b""
        head = f"{method} {path} HTTP/1.1\r\nhost: kompas\r\ncontent-type: application/json\r\n"
        self._writer.write(f"{head}content-length: {len(content)}\r\n\r\n".encode() + content)
        answer = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        _, _, length = answer.partition(b"content-length: ")
        return int(answer[9:12]), await self._reader.readexactly(int(length.split(b"\r\n", 1)[0]))

    def close(self) -> None:
        self._writer.close()


class Served(NamedTuple):
    port: int
    process: int

    def cpu(self) -> float:
        """The seconds of CPU it has used."""
        fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def serving(name: str, url: str) -> AsyncIterator[Served]:
    """A server process of its own, as in production."""
    [port] = free_ports(1)
    environment = {**os.environ, "KOMPAS_DATABASE_URL": url, "KOMPAS_LOG_LEVEL": "ERROR"}
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", *NAMES[name], str(port), env=environment)
    try:
        while True:
            try:
                (await Client.connect(port)).close()
                break
            except ConnectionError:
                await asyncio.sleep(0.1)
        yield Served(port, process.pid)
    finally:
        process.terminate()
        await process.wait()


async def confirm(name: str, server: Served, centre: Centre, clients: int, requests: int) -> dict[str, float]:
    """Each client sends the next as soon as it is answered; every one of them must get its time."""
    wishes, seconds = iter([centre.wish() for _ in range(requests)]), list[float]()

    async def book(client: Client) -> None:
        for wish in wishes:
            times = {key: wish[key].isoformat() for key in ("starts_at", "ends_at")}
            # The limit looks nothing up, so it must be told the resource's number.
            more = {"purpose": "volunteering", "contact": CITIZEN} if name == "kompas" else {"number": wish["number"]}
            body = {"resource_id": wish["resource_id"], **times, **more}
            began = time.perf_counter()
            status, answer = await client.ask("POST", f"/booking/{TENANT}/bookings", body)
            seconds.append(time.perf_counter() - began)
            assert status == 201, answer

    connections = [await Client.connect(server.port) for _ in range(clients)]
    began, busy = time.perf_counter(), server.cpu()
    await asyncio.gather(*map(book, connections))
    took, busy = time.perf_counter() - began, server.cpu() - busy
    for client in connections:
        client.close()
    return {"per_second": requests / took, "cpu_ms": busy / requests * 1000, **quantiles(seconds)}


async def ask_month(port: int, centre: Centre, requests: int) -> dict[str, float]:
    """One client after the other's answer: what the server itself needed, by its own clock, and what the client saw."""
    first = today() + timedelta(days=1)
    path = f"/booking/{TENANT}/resources/{centre.busy}/slots?from={first}&to={first + timedelta(days=MONTH_DAYS)}"
    client, seconds, free = await Client.connect(port), list[float](), 0
    for _ in range(20):
        await client.ask("GET", path)
    before = await server_time(client)
    for _ in range(requests):
        began = time.perf_counter()
        status, answer = await client.ask("GET", path)
        seconds.append(time.perf_counter() - began)
        assert status == 200, answer
        free = answer.count(b"starts_at")
    after = await server_time(client)
    client.close()
    mean = (after["sum"] - before["sum"]) / (after["count"] - before["count"])
    return {"free": free, "server_mean_ms": mean * 1000, **quantiles(seconds)}


async def server_time(client: Client) -> dict[str, float]:
    _, metrics = await client.ask("GET", "/booking/metrics")
    return {kind.decode(): float(value) for kind, value in SERVER_TIME.findall(metrics)}


def quantiles(seconds: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(seconds, n=100)
    return {"p50_ms": cuts[49] * 1000, "p99_ms": cuts[98] * 1000}


async def measure(arguments: argparse.Namespace, url: str) -> dict[str, Any]:
    centre, found = Centre(url), list[dict[str, Any]]()
    async with serving("kompas", url) as kompas, serving("limit", url) as limit:
        servers = {"kompas": kompas, "limit": limit}
        for resources in arguments.resources:
            began = time.perf_counter()
            await centre.grow(resources)
            print(f"{centre.bookings:,} bookings: filled in {time.perf_counter() - began:.0f} s", flush=True)
            for name, server in servers.items():
                await confirm(name, server, centre, max(arguments.clients), 400)  # Every connection and plan is warm.
            size = {"resources": resources, "bookings": centre.bookings}
            for clients in arguments.clients:
                rounds: dict[str, list[dict[str, float]]] = {name: [] for name in servers}
                for _ in range(arguments.rounds):
                    for name, server in servers.items():
                        rounds[name].append(await confirm(name, server, centre, clients, arguments.requests))
                found.append({"what": "confirm", **size, "clients": clients, **beside(rounds)})
                print(found[-1], flush=True)
            found.append({"what": "month", **size, **await ask_month(kompas.port, centre, arguments.months)})
            print(found[-1], flush=True)
    return {"cores": os.cpu_count(), "requests": arguments.requests, "rounds": arguments.rounds, "results": found}


def beside(rounds: Mapping[str, Sequence[Mapping[str, float]]]) -> dict[str, Any]:
    """Medians of the rounds, and of each round's ratio to the limit of the same round: noise is in both."""
    ratios = {
        key: statistics.median(ours[key] / limit[key] for ours, limit in zip(*rounds.values(), strict=True))
        for key in ("per_second", "p99_ms")
    }
    medians = {
        name: {key: round(statistics.median(each[key] for each in of), 2) for key in of[0]}
        for name, of in rounds.items()
    }
    return {**medians, "of_limit": {key: round(value, 2) for key, value in ratios.items()}}


def table(found: Mapping[str, Any]) -> str:
    lines = [
        "| bookings in the database | clients | Kompas/s | limit/s | of limit | p50 ms | p99 ms | limit's | of it"
        " | CPU ms | limit's |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    results = found["results"]
    for row in (row for row in results if row["what"] == "confirm"):
        ours, limit, ratio = row["kompas"], row["limit"], row["of_limit"]
        lines.append(
            f"| {row['bookings']:,} | {row['clients']} | {ours['per_second']:.0f} | {limit['per_second']:.0f} |"
            f" {ratio['per_second']:.2f} | {ours['p50_ms']:.1f} | {ours['p99_ms']:.1f} | {limit['p99_ms']:.1f} |"
            f" {ratio['p99_ms']:.1f} | {ours['cpu_ms']:.2f} | {limit['cpu_ms']:.2f} |"
        )
    lines += ["", "| bookings in the database | free slots answered | server, mean ms | client p50 ms | p99 ms |"]
    lines.append("|---|---|---|---|---|")
    for row in (row for row in results if row["what"] == "month"):
        lines.append(
            f"| {row['bookings']:,} | {row['free']} | {row['server_mean_ms']:.1f} | {row['p50_ms']:.1f} |"
            f" {row['p99_ms']:.1f} |"
        )
    return "\n".join(lines)


async def main(arguments: argparse.Namespace) -> None:
    async with temporary_home() as root:
        home, [port] = Home(root), free_ports(1)
        home.prepare()
        postgres = Postgres(home, port)
        await postgres.start()
        try:
            found = await measure(arguments, await Databases(postgres.admin_url).fresh("booking"))
        finally:
            await postgres.stop()
    print(table(found))
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=2) + "\n")


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    numbers: dict[str, Any] = {"type": int, "nargs": "+"}
    parser.add_argument("--resources", **numbers, default=[100, 10_000], help="each with a hundred bookings")
    parser.add_argument("--clients", **numbers, default=[1, 8, 32])
    parser.add_argument("--requests", type=int, default=2_000, help="bookings a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--months", type=int, default=300, help="how often the month is asked for")
    parser.add_argument("--json", type=Path, help="where to write the figures as well")
    return parser.parse_args()


if __name__ == "__main__":
    uvloop.run(main(read_arguments()))
