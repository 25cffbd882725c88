"""The worker's part: reading the calendars that are due, outside of any transaction."""

import asyncio

from services.booking.messages.sealing import Seals, Unreadable
from services.booking.outside import usecases
from services.booking.outside.fetching import Fetcher
from services.booking.outside.reading import read
from services.booking.outside.rules import LOOKING_AHEAD, CannotRead, Failure
from services.booking.outside.usecases import Job
from services.booking.resources.rules import Period
from services.booking.settings import BookingSettings
from shared.clock import now
from shared.database import Database
from shared.logging import log
from shared.tenancy import EVERY_TENANT

LOOK_EVERY = 5.0
AT_ONCE = 4


class Reading:
    """Any number may run at once: each takes calendars that no other holds."""

    def __init__(self, database: Database, settings: BookingSettings, fetcher: Fetcher | None = None) -> None:
        self._database, self._seals = database, Seals(settings.message_keys)
        self._fetcher = fetcher or Fetcher()

    async def run(self) -> None:
        while True:
            if not await self.round():
                await asyncio.sleep(LOOK_EVERY)

    async def round(self) -> bool:
        """Read some; whether there were any."""
        async with self._database.transaction(EVERY_TENANT) as session:
            jobs = await usecases.take(session, AT_ONCE)
        await asyncio.gather(*map(self._do, jobs))
        return bool(jobs)

    async def _do(self, job: Job) -> None:
        outcome = await self._outcome(job)
        if isinstance(outcome, Failure):
            log().warning("outside calendar not read", service="booking", tenant=job.tenant, reason=outcome)
        async with self._database.transaction(job.tenant) as session:
            await usecases.note(session, job, outcome, self._seals)

    async def _outcome(self, job: Job) -> list[Period] | Failure:
        try:
            content = await self._fetcher.fetch(self._seals.open(job.address))
            return await read(content, usecases.window(now(), LOOKING_AHEAD))
        except CannotRead as problem:
            return problem.failure
        except Unreadable:
            return Failure.KEY_LOST
