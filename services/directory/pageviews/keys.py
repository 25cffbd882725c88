"""The keys that visitors are hashed with: one a Danish day, shared by all processes, thrown away when it is over."""

import secrets
from datetime import date, timedelta

from sqlalchemy import text

from shared import clock
from shared.database import Database
from shared.tenancy import EVERY_TENANT


class DayKeys:
    """Today's and tomorrow's key, held in memory so that no request has to ask the database, not even at midnight.

    They also lie in the database, or a restart, or a second process, would count today's visitors once more.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._held: dict[date, bytes] = {}

    def of(self, day: date) -> bytes | None:
        return self._held.get(day)

    async def keep(self) -> None:
        """Forget the days that are over, here and in the database, and fetch or make the ones to come."""
        today = clock.today()
        wanted = [today, today + timedelta(days=1)]
        self._held = {day: key for day, key in self._held.items() if day in wanted}
        if len(self._held) == len(wanted):
            return
        async with self._database.transaction(EVERY_TENANT) as session:
            connection = await session.connection()
            await connection.execute(text("delete from pageview_keys where day < :today"), {"today": today})
            # Whichever process comes first decides. A key that is held already is offered again: should the table
            # ever have lost it, today's visitors stay the same ones.
            await connection.execute(
                text("insert into pageview_keys (day, key) values (:day, :key) on conflict do nothing"),
                [{"day": day, "key": self._held.get(day) or secrets.token_bytes(32)} for day in wanted],
            )
            found = await connection.execute(
                text("select day, key from pageview_keys where day = any(:days)"), {"days": wanted}
            )
            self._held = {row.day: bytes(row.key) for row in found}
