"""The directory's second half: the relay, what the calendar asks for, files to adopt, and what partners say."""

from services.directory.days import Days
from services.directory.decisions.rounds import Telling
from services.directory.freshness.rounds import Rounds
from services.directory.funding.rounds import Announcing
from services.directory.imports.job import Adopting
from services.directory.partners.consumers import subscribe
from shared.database import Database
from shared.messaging.broker import make_broker
from shared.messaging.relay import Relay
from shared.messaging.worker import Worker
from shared.metrics import Metrics
from shared.settings import Settings


def create_worker(settings: Settings | None = None, metrics: Metrics | None = None) -> Worker:
    settings = (settings or Settings()).for_service("directory")
    metrics = metrics or Metrics("directory")
    database = Database(settings.database_url, pool_size=settings.pool_size)
    broker = make_broker(settings, "directory")
    subscribe(broker, database, metrics)
    relay = Relay(database, settings, metrics)
    jobs = [
        Days(database).run,
        Rounds(database, settings.public_url).run,
        Announcing(database, settings.public_url).run,
        Telling(database, settings.public_url).run,
        Adopting(database).run,
    ]
    return Worker("directory", database=database, metrics=metrics, relay=relay, broker=broker, jobs=jobs)
