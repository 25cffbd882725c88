"""The notify worker: it hears contacts and bookings, sends mails, and tells what became of them."""

from services.notify.consumers import subscribe
from services.notify.deliveries.gateway import texts_of
from services.notify.deliveries.sender import Sender
from services.notify.deliveries.transport import transport_of
from services.notify.settings import NotifySettings
from shared.database import Database
from shared.messaging.broker import make_broker
from shared.messaging.relay import Relay
from shared.messaging.worker import Worker
from shared.metrics import Metrics
from shared.settings import Settings


def create_worker(settings: Settings | None = None, metrics: Metrics | None = None) -> Worker:
    own = NotifySettings.completing(settings).for_service("notify")
    metrics = metrics or Metrics("notify")
    database = Database(own.database_url, pool_size=own.pool_size)
    broker = make_broker(own, "notify")
    transport = transport_of(own)
    subscribe(broker, database, metrics, transport)
    sender = Sender(database, transport, own.sender, texts_of(own))
    return Worker(
        "notify",
        database=database,
        metrics=metrics,
        relay=Relay(database, own, metrics),
        broker=broker,
        jobs=[sender.run],
    )
