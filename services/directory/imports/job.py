"""The worker's part of imports: adopting what staff have asked for, and forgetting what nobody adopted."""

import asyncio
from datetime import timedelta

from services.directory.imports import repository
from services.directory.imports.adopting import adopt_some
from services.directory.imports.rules import FORGOTTEN_AFTER_DAYS
from shared.clock import now
from shared.database import Database
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
        """Some lines of the oldest file; whether there were any."""
        async with self._database.transaction(EVERY_TENANT) as session:
            await repository.forget(session, now() - timedelta(days=FORGOTTEN_AFTER_DAYS))
            waiting = await repository.at_work(session)
        if waiting is None:
            return False
        tenant, id = waiting
        async with self._database.transaction(tenant) as session:
            made = await repository.take(session, tenant, id)
            return made is not None and await adopt_some(session, made)
