"""The matching worker: it tells, and hears nobody yet."""

from shared.database import Database
from shared.messaging.relay import Relay
from shared.messaging.worker import Worker
from shared.metrics import Metrics
from shared.settings import Settings


def create_worker(settings: Settings | None = None, metrics: Metrics | None = None) -> Worker:
    settings = (settings or Settings()).for_service("matching")
    metrics = metrics or Metrics("matching")
    database = Database(settings.database_url, pool_size=settings.pool_size)
    return Worker("matching", database=database, metrics=metrics, relay=Relay(database, settings, metrics))
