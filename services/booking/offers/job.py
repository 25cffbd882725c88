"""The worker's part of all lines: what nobody's request does, because it only takes time."""

import asyncio

from services.booking.gatherings import repository as gatherings
from services.booking.offers import repository
from services.booking.offers.rules import LineKind
from services.booking.signups import repository as signups
from services.booking.signups import seating
from services.booking.waiting import repository as waiting
from services.booking.waiting import usecases as times
from shared.clock import now
from shared.database import Database
from shared.tenancy import EVERY_TENANT

# An offer may stand this much longer than it says; a hold that ran out is offered this much later.
EVERY_SECONDS = 10.0


class Moving:
    """Ends offers that nobody answered and passes on what has become free by itself, line by line.

    Each line in a transaction of its own: locks are short, and a fault in one holds up no other.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    async def run(self) -> None:
        while True:
            await self.round()
            await asyncio.sleep(EVERY_SECONDS)

    async def round(self) -> int:
        """Returns how many lines there were to look at."""
        async with self.database.transaction(EVERY_TENANT) as session:
            at = now()
            trees = await waiting.lines(session, await repository.over(session, LineKind.TIME, at), at)
            full = await signups.gatherings_of(session, await repository.over(session, LineKind.SEAT, at))
        for tenant, span in trees:
            async with self.database.transaction(tenant) as session:
                await times.move_on(session, tenant, span)
        for tenant, gathering_id in full:
            async with self.database.transaction(tenant) as session:
                gathering = await gatherings.get(session, tenant, gathering_id, internal_too=True, lock=True)
                await seating.settle(session, gathering)
        return len(trees) + len(full)
