"""What only the calendar asks for: entries are published and withdrawn on their days, terms end, old things go."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

from services.directory.activities import repository as activities
from services.directory.activities import usecases as describing
from services.directory.agreements import repository as agreements
from services.directory.agreements import usecases as agreeing
from services.directory.editors import repository as links
from services.directory.editors import usecases as editors
from services.directory.versions import usecases as versions
from shared.clock import now, today
from shared.database import Database
from shared.errors import NotFound, StaleVersion
from shared.tenancy import EVERY_TENANT

# A description that is to be seen from the third should not be seen an hour late.
LOOK_EVERY = 60.0


class Days:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def run(self) -> None:
        while True:
            await self.round()
            await asyncio.sleep(LOOK_EVERY)

    async def round(self) -> None:
        """Everything that is due, each thing in a transaction of its own, so that none holds another's rows."""
        async with self._database.transaction(EVERY_TENANT) as session:
            due = await activities.due(session, today())
            over = await agreements.due(session, today())
            expired = await links.to_forget(session, now())
            await versions.forget(session)
        for tenant, id in due:
            await self._do(tenant, describing.on_its_day, id)
        for tenant, id in over:
            await self._do(tenant, agreeing.on_its_day, id)
        for tenant, organisation_id, id in expired:
            await self._do(tenant, editors.forget, organisation_id, id)

    async def _do(self, tenant: str, what: Callable[..., Awaitable[object]], *ids: UUID) -> None:
        async with self._database.transaction(tenant) as session:
            try:
                await what(session, tenant, *ids)
            except (NotFound, StaleVersion):
                return  # Somebody was faster.
