"""The limit of confirming a booking: the same row by psycopg alone, behind the same server, and nothing else."""

import json
import os
import sys
from datetime import datetime
from uuid import UUID

import uvicorn
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from starlette.types import Receive, Scope, Send

from benchmarks.booking_fill import TENANT
from services.booking.resources.rules import Span
from shared.ids import uuid7

INSERT = """
    insert into bookings (id, tenant, version, resource_id, resource_no, span_from, span_to, purpose, channel, state,
        starts_at, ends_at, blocked_from, blocked_until, token_hash)
    values (%s, %s, 2, %s, %s, %s, %s, 'other', 'self', 'confirmed', %s, %s, %s, %s, '')
    on conflict on constraint bookings_never_overlap do nothing returning id
"""
HEADERS = [(b"content-type", b"application/json")]


class Limit:
    """No validation, no permission, no contact, no fact: one statement, which is its own transaction."""

    def __init__(self, url: str) -> None:
        self._pool: AsyncConnectionPool[AsyncConnection] = AsyncConnectionPool(
            url,
            kwargs={"autocommit": True, "options": f"-c app.tenant={TENANT} -c timezone=UTC"},
            min_size=10,
            max_size=10,
            open=False,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await self._pool.open(wait=True)
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await self._pool.close()
            await send({"type": "lifespan.shutdown.complete"})
            return
        status, body = 200, b"{}"
        if scope["method"] == "POST":
            status, body = await self._book(json.loads((await receive())["body"]))
        length = (b"content-length", str(len(body)).encode())
        await send({"type": "http.response.start", "status": status, "headers": [*HEADERS, length]})
        await send({"type": "http.response.body", "body": body})

    async def _book(self, wish: dict[str, str]) -> tuple[int, bytes]:
        number, id = int(wish["number"]), uuid7()
        begin, end = datetime.fromisoformat(wish["starts_at"]), datetime.fromisoformat(wish["ends_at"])
        times = (begin, end, begin, end)
        values = (id, TENANT, UUID(wish["resource_id"]), number, *Span.whole(number), *times)
        async with self._pool.connection() as connection:
            done = await (await connection.execute(INSERT, values)).fetchone()
        return (201, f'{{"id":"{id}"}}'.encode()) if done else (409, b"{}")


if __name__ == "__main__":
    # As `kompas api` runs an application.
    uvicorn.run(
        Limit(os.environ["KOMPAS_DATABASE_URL"].replace("+psycopg", "")),
        port=int(sys.argv[1]),
        log_config=None,
        access_log=False,
        server_header=False,
    )
