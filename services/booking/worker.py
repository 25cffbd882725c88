"""Booking's second half: the relay of what booking has stated, and what only takes time. Booking hears nobody."""

from services.booking.offers.job import Moving
from services.booking.outside.job import Reading
from services.booking.people.job import Forgetting
from services.booking.settings import BookingSettings
from shared.database import Database
from shared.messaging.relay import Relay
from shared.messaging.worker import Worker
from shared.metrics import Metrics
from shared.settings import Settings


def create_worker(settings: Settings | None = None, metrics: Metrics | None = None) -> Worker:
    settings = BookingSettings.of(settings).for_service("booking")
    metrics = metrics or Metrics("booking")
    database = Database(settings.database_url, pool_size=settings.pool_size)
    jobs = [Moving(database).run, Forgetting(database, settings).run, Reading(database, settings).run]
    relay = Relay(database, settings, metrics)
    return Worker("booking", database=database, metrics=metrics, relay=relay, jobs=jobs)
