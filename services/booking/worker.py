"""Booking's second half: the relay of what booking has stated, and what only takes time. Booking hears nobody."""

import asyncio

from services.booking.outside.job import Reading
from services.booking.people.job import Forgetting
from services.booking.settings import BookingSettings
from services.booking.signups import usecases as signups
from services.booking.waiting.job import Line
from shared.database import Database
from shared.messaging.relay import Relay
from shared.messaging.worker import Worker
from shared.metrics import Metrics
from shared.settings import Settings

# An offer says until when it stands, to the minute.
LOOK_EVERY = 15.0


def create_worker(settings: Settings | None = None, metrics: Metrics | None = None) -> Worker:
    settings = BookingSettings.of(settings).for_service("booking")
    metrics = metrics or Metrics("booking")
    database = Database(settings.database_url, pool_size=settings.pool_size)

    async def offers_of_seats() -> None:
        while True:
            await signups.move_on(database)
            await asyncio.sleep(LOOK_EVERY)

    jobs = [Line(database).run, Forgetting(database, settings).run, Reading(database, settings).run, offers_of_seats]
    relay = Relay(database, settings, metrics)
    return Worker("booking", database=database, metrics=metrics, relay=relay, jobs=jobs)
