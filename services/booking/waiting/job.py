"""The worker's part of the line: what nobody's request does, because it only takes time."""

import asyncio

from services.booking.waiting import repository, usecases
from shared.clock import now
from shared.database import Database
from shared.tenancy import EVERY_TENANT

# An offer may stand this much longer than it says; a hold that ran out is offered this much later.
EVERY_SECONDS = 10.0


class Line:
    """Ends offers that nobody answered and passes on what has become free by itself."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def run(self) -> None:
        while True:
            await self.round()
            await asyncio.sleep(EVERY_SECONDS)

    async def round(self) -> None:
        async with self.database.transaction(EVERY_TENANT) as session:
            lines = await repository.lines(session, now())
        for line in lines:  # Each in a transaction of its own: locks are short, and a fault in one holds up no other.
            async with self.database.transaction(line.tenant) as session:
                await usecases.move_on(session, line.tenant, line.span)
