"""Resources and bookings by the thousand, written by PostgreSQL itself."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import psycopg

from shared.clock import DANISH, start_of_day, today

TENANT = "odense"
A_RESOURCE, SLOT = 100, timedelta(minutes=30)
MONTH_DAYS = 31
BUSY = 1_000
"""So many bookings has the resource whose month is asked for: of three slots two are taken, which fills that month."""

RESOURCES = """
    insert into resources (id, tenant, version, kind, name, slot_minutes, buffer_minutes, opening_hours, state,
        closed_on)
    select uuidv7(), %(tenant)s, 1, 'conversation', 'Rådgiver', 30, 0,
        (select jsonb_agg(jsonb_build_object('weekday', day, 'from', '00:00', 'to', '24:00'))
            from generate_series(0, 6) day),
        'open', '[]'
    from generate_series(1, %(number)s)
"""
SPANS = "update resources set span_from = number::bigint << 30, span_to = (number::bigint + 1) << 30 where span_to = 0"
BOOKINGS = """
    insert into bookings (id, tenant, version, resource_id, resource_no, span_from, span_to, purpose, channel, state,
        starts_at, ends_at, blocked_from, blocked_until, token_hash)
    select uuidv7(), r.tenant, 2, r.id, r.number, r.span_from, r.span_to, 'other', 'self', 'confirmed',
        times.begin, times.begin + interval '30 minutes', times.begin, times.begin + interval '30 minutes', ''
    from resources r, generate_series(0, %(number)s - 1) n,
        lateral (select %(first)s::timestamptz + n * 3 / 2 * interval '30 minutes' as begin) times
    where r.number between %(lowest)s and %(highest)s
    order by n, r.number
"""


class Centre:
    """A database of booking that grows, and the free times in it that nobody has asked for yet."""

    def __init__(self, url: str) -> None:
        self._url = url.replace("+psycopg", "")
        self._first = start_of_day(today() + timedelta(days=1))
        self.resources: list[tuple[int, UUID]] = []
        self.busy: UUID | None = None
        self.bookings = 0
        self._day = today() + timedelta(days=2 * MONTH_DAYS)
        self._wishes = self._free()

    async def grow(self, resources: int) -> None:
        """Up to so many resources with a hundred bookings each, and one with a thousand within a month."""
        async with await psycopg.AsyncConnection.connect(self._url, autocommit=True) as connection:
            await connection.execute("select set_config('app.tenant', '*', false)")
            if self.busy is None:
                [(number, self.busy)] = await self._open(connection, 1)
                await self._book(connection, number, number, BUSY)
            new = await self._open(connection, resources - len(self.resources))
            await self._book(connection, new[0][0], new[-1][0], A_RESOURCE)
            self.resources += new
            await connection.execute("vacuum analyze resources, bookings")
        self._wishes = self._free()

    async def _open(self, connection: psycopg.AsyncConnection[Any], number: int) -> list[tuple[int, UUID]]:
        await connection.execute(RESOURCES, {"tenant": TENANT, "number": number})
        await connection.execute(SPANS)
        found = await connection.execute("select number, id from resources order by number desc limit %s", [number])
        return [(number, id) for number, id in reversed(await found.fetchall())]

    async def _book(self, connection: psycopg.AsyncConnection[Any], lowest: int, highest: int, number: int) -> None:
        asked = {"first": self._first, "lowest": lowest, "highest": highest, "number": number}
        self.bookings += (await connection.execute(BOOKINGS, asked)).rowcount

    def _free(self) -> Iterator[tuple[int, UUID, datetime]]:
        """Beyond what was filled in, in the daytime: those hours are there on every day of the year."""
        while True:
            day, self._day = self._day, self._day + timedelta(days=1)
            for half_hour in range(16, 36):
                wall = datetime.combine(day, time(half_hour // 2, 30 * (half_hour % 2)), tzinfo=DANISH)
                for number, id in self.resources:
                    yield number, id, wall.astimezone(UTC)

    def wish(self) -> dict[str, Any]:
        """What a citizen sends to the API; `number` is for the limit alone, which does not look up the resource."""
        number, id, begin = next(self._wishes)
        return {"number": number, "resource_id": str(id), "starts_at": begin, "ends_at": begin + SLOT}
