"""The KPI worker, wired: counting, histories of goals, members, merges, surveys' rounds, and the relay."""

from services.kpi.ingest.backfill import Backfill
from services.kpi.ingest.consumers import listen
from services.kpi.ingest.memory import look_for_cycles_less_often
from services.kpi.ingest.usecases import Ingest
from services.kpi.invitations.rounds import Rounds
from services.kpi.members import consumers as members
from services.kpi.merged import consumers as merged
from services.kpi.settings import KpiSettings
from shared.database import Database
from shared.messaging.broker import make_broker
from shared.messaging.relay import Relay
from shared.messaging.worker import Worker
from shared.metrics import Metrics
from shared.settings import Settings


def create_worker(settings: Settings | None = None, metrics: Metrics | None = None) -> Worker:
    settings = KpiSettings.of(settings).for_service("kpi")
    metrics = metrics or Metrics("kpi")
    database = Database(settings.database_url, pool_size=settings.pool_size)
    look_for_cycles_less_often()
    broker = make_broker(settings, "kpi")
    listen(broker, lambda: Ingest(database, metrics), settings)
    members.subscribe(broker, database, metrics)
    merged.subscribe(broker, database, metrics)
    backfill = Backfill(database, settings)
    rounds = Rounds(database)
    relay = Relay(database, settings, metrics)
    return Worker(
        "kpi", database=database, metrics=metrics, relay=relay, broker=broker, jobs=[backfill.run, rounds.run]
    )
