"""The notify API: what was told to whom (without saying who), and exposures of material."""

from fastapi import FastAPI

from services.notify.channels import api as channels
from services.notify.contacts import api as contacts
from services.notify.deliveries import api as deliveries
from services.notify.deliveries import repository
from services.notify.exposures import api as exposures
from shared import web
from shared.clock import now
from shared.database import Database
from shared.metrics import Metrics
from shared.settings import Settings
from shared.tenancy import EVERY_TENANT


def create_app(settings: Settings | None = None, metrics: Metrics | None = None) -> FastAPI:
    settings = (settings or Settings()).for_service("notify")
    metrics = metrics or Metrics("notify")
    database = Database(settings.database_url, pool_size=settings.pool_size)
    pending = metrics.gauge("kompas_mails_pending", "Messages that are neither sent nor given up.")
    oldest = metrics.gauge("kompas_mails_oldest_seconds", "Age of the oldest of them.")

    async def measure() -> None:
        async with database.transaction(EVERY_TENANT) as session:
            count, since = await repository.waiting(session)
        pending.labels("notify").set(count)
        oldest.labels("notify").set(max(0.0, (now() - since).total_seconds()) if since else 0)

    return web.create_app(
        "notify",
        settings=settings,
        database=database,
        metrics=metrics,
        routers=[deliveries.routes, exposures.routes, contacts.routes, channels.routes],
        on_scrape=measure,
    )
