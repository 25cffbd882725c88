"""The worker's part of imports: adopting what staff have asked for, and forgetting what nobody adopted."""

import asyncio
from datetime import timedelta

from services.directory.imports import repository
from services.directory.imports.adopting import adopt_some
from services.directory.imports.rules import FORGOTTEN_AFTER_DAYS
from shared.clock import now
from shared.database import Database
from shared.logging import fault, log
from shared.messaging.patience import away
from shared.tenancy import EVERY_TENANT

LOOK_EVERY = 2.0


class Adopting:
    """Any number may run at once: a file is with one of them at a time, and a centre's files go one after another."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run(self) -> None:
        while True:
            if not await self.round():
                await asyncio.sleep(LOOK_EVERY)

    async def round(self) -> bool:
        """Some lines of each file that is being adopted; whether there were any."""
        async with self._database.transaction(EVERY_TENANT) as session:
            await repository.forget(session, now() - timedelta(days=FORGOTTEN_AFTER_DAYS))
            waiting = await repository.at_work(session)
        found = False
        for tenant, id in waiting:
            try:
                async with self._database.transaction(tenant) as session:
                    made = await repository.take(session, tenant, id)
                    found |= made is not None and await adopt_some(session, made)
            except Exception as error:
                if away(error):
                    raise
                # Somebody entered one of these by hand at this moment, or it is a fault of ours: the lines are as they
                # were, are tried again, and do not hold up the files of others.
                log().error("lines not adopted", service="directory", tenant=tenant, **fault(error))
        return found
