"""The directory's second half: it hears nothing; it brings what its outbox says to Kafka, and tends what grows old."""

from services.directory.freshness.rounds import Rounds
from shared.database import Database
from shared.messaging.relay import Relay
from shared.messaging.worker import Worker
from shared.metrics import Metrics
from shared.settings import Settings


def create_worker(settings: Settings | None = None, metrics: Metrics | None = None) -> Worker:
    settings = (settings or Settings()).for_service("directory")
    metrics = metrics or Metrics("directory")
    database = Database(settings.database_url, pool_size=settings.pool_size)
    rounds = Rounds(database, settings.public_url)
    relay = Relay(database, settings, metrics)
    return Worker("directory", database=database, metrics=metrics, relay=relay, jobs=[rounds.run])
