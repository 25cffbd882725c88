"""The job that keeps the directory fresh: from nine in the morning, Danish time, it does what the day asks for."""

import asyncio

from services.directory.freshness import repository, rules
from services.directory.freshness.usecases.tending import tend
from shared.clock import DANISH, now
from shared.database import Database
from shared.logging import fault, log
from shared.messaging.patience import away
from shared.tenancy import EVERY_TENANT

# Everything is decided by days, and a day's work is done but once; looking often only catches up sooner after a pause.
LOOK_EVERY = 600.0


class Rounds:
    """Any number may go at once: what one has done, the next one finds done."""

    def __init__(self, database: Database, public_url: str) -> None:
        self._database, self._public_url = database, public_url

    async def run(self) -> None:
        while True:
            await self.go()
            await asyncio.sleep(LOOK_EVERY)

    async def go(self) -> None:
        """Each centre in a transaction of its own: one that cannot be tended keeps no other waiting."""
        if now().astimezone(DANISH).time() < rules.ASK_FROM:
            return
        async with self._database.transaction(EVERY_TENANT) as session:
            tenants = await repository.tenants(session)
        for tenant in tenants:
            try:
                async with self._database.transaction(tenant) as session:
                    await tend(session, tenant, self._public_url)
            except Exception as error:
                if away(error):
                    raise
                log().error("freshness not tended", service="directory", tenant=tenant, **fault(error))
