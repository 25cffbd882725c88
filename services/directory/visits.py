"""What is done for each centre again and again, because time has passed."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from shared.database import Database
from shared.logging import fault, log
from shared.messaging.patience import away
from shared.tenancy import EVERY_TENANT

Tenants = Callable[[AsyncSession], Awaitable[Sequence[str]]]
Work = Callable[[AsyncSession, str, str], Awaitable[None]]


class Visits:
    """Any number may go at once: what one has done, the next one finds done. `work` takes a session, a centre and the
    address that links begin with; `what` names it in the log, should it fail."""

    look_every = 60.0

    def __init__(self, database: Database, public_url: str, *, what: str, tenants: Tenants, work: Work) -> None:
        self._database, self._public_url = database, public_url
        self._what, self._tenants, self._work = what, tenants, work

    async def run(self) -> None:
        while True:
            await self.go()
            await asyncio.sleep(self.look_every)

    async def go(self) -> None:
        """Each centre in a transaction of its own: one that cannot be seen to keeps no other waiting."""
        async with self._database.transaction(EVERY_TENANT) as session:
            tenants = await self._tenants(session)
        for tenant in tenants:
            try:
                async with self._database.transaction(tenant) as session:
                    await self._work(session, tenant, self._public_url)
            except Exception as error:
                if away(error):
                    raise
                log().error(f"{self._what} failed", service="directory", tenant=tenant, **fault(error))
