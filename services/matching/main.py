"""The matching API: who would help, who needs it, and what companies do."""

from fastapi import FastAPI

from services.matching.engagements import api as engagements
from services.matching.opportunities import api as opportunities
from services.matching.volunteers import api as volunteers
from shared import web
from shared.database import Database
from shared.metrics import Metrics
from shared.settings import Settings


def create_app(settings: Settings | None = None, metrics: Metrics | None = None) -> FastAPI:
    settings = (settings or Settings()).for_service("matching")
    return web.create_app(
        "matching",
        settings=settings,
        database=Database(settings.database_url, pool_size=settings.pool_size),
        metrics=metrics or Metrics("matching"),
        routers=[volunteers.routes, opportunities.routes, engagements.routes],
    )
