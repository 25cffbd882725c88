"""The worker's part of privacy: what is forgotten because its time is over."""

import asyncio
from datetime import timedelta

from services.booking.holds import repository as holders
from services.booking.messages import repository as messages
from services.booking.messages.sealing import Seals
from services.booking.people import repository, usecases
from services.booking.settings import BookingSettings
from shared.clock import now
from shared.database import Database
from shared.errors import NotFound
from shared.tenancy import EVERY_TENANT

EVERY_SECONDS = 3600.0
HOLDS_KEPT = timedelta(hours=1)


class Forgetting:
    """Deletes messages and contacts when their days are over, and seals what is kept with the newest key."""

    def __init__(self, database: Database, settings: BookingSettings) -> None:
        self.database = database
        self.seals = Seals(settings.message_keys)
        self.message_days = timedelta(days=settings.message_days)
        self.contact_days = timedelta(days=settings.contact_days)

    async def run(self) -> None:
        while True:
            await self.round()
            await asyncio.sleep(EVERY_SECONDS)

    async def round(self) -> None:
        at = now()
        async with self.database.transaction(EVERY_TENANT) as session:
            await messages.forget(session, at - self.message_days)
            await repository.forget_holds(session, at - HOLDS_KEPT)
            await holders.forget(session, at - HOLDS_KEPT)
            for booking in await messages.kept(session):
                if booking.message and (renewed := self.seals.renewed(booking.message)):
                    booking.message = renewed
            over = await repository.over(session, at - self.contact_days)
        for tenant, id in over:
            async with self.database.transaction(tenant) as session:
                try:
                    await usecases.erase(session, tenant, id)
                except NotFound:
                    continue  # Somebody was faster.
