"""Booking's second half: the relay that publishes what booking has stated, and what time alone sets going."""

import asyncio

from services.booking.signups import usecases as signups
from shared.database import Database
from shared.messaging.relay import Relay
from shared.messaging.worker import Worker
from shared.metrics import Metrics
from shared.settings import Settings

# An offer says until when it stands, to the minute.
LOOK_EVERY = 15.0


def create_worker(settings: Settings | None = None, metrics: Metrics | None = None) -> Worker:
    settings = (settings or Settings()).for_service("booking")
    metrics = metrics or Metrics("booking")
    database = Database(settings.database_url, pool_size=settings.pool_size)

    async def offers_of_seats() -> None:
        while True:
            await signups.move_on(database)
            await asyncio.sleep(LOOK_EVERY)

    return Worker(
        "booking",
        database=database,
        metrics=metrics,
        relay=Relay(database, settings, metrics),
        jobs=[offers_of_seats],
    )
