"""A browser and a counter's listener for `benchmarks.kpi_latency`: tells when it heard of which goal.

A process of its own, so that whoever sends the commands does not keep it waiting. A line is a moment and a goal, and
of what came over the stream its value.
"""

import asyncio
import json
import os
import sys
import time

import httpx2
import uvloop

from services.kpi.goals.changes import CHANNEL, announced
from shared.database import Database


async def hear_counters(database: Database) -> None:
    """A transaction's notifications arrive when it commits."""
    connection = await database.connection()
    await connection.execute(f"listen {CHANNEL}")
    async for notice in connection.notifies():
        for goal in announced(notice.payload):
            print(time.monotonic(), goal.goal, flush=True)


async def browse(address: str) -> None:
    async with httpx2.AsyncClient(timeout=None) as client:
        while True:
            try:
                async with client.stream("GET", address) as answer:
                    async for line in answer.aiter_lines():
                        if line.startswith("data: "):
                            at, goal = time.monotonic(), json.loads(line.removeprefix("data: "))
                            if goal["value"] is not None:
                                print(at, goal["id"], goal["value"], flush=True)
            except httpx2.TransportError:
                await asyncio.sleep(0.2)


async def main(address: str) -> None:
    await asyncio.gather(hear_counters(Database(os.environ["KOMPAS_DATABASE_URL"])), browse(address))


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1]))
