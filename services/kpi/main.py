"""The KPI API, wired."""

from fastapi import FastAPI

from services.kpi.answering import api as answering
from services.kpi.decisions import api as decisions
from services.kpi.followup import api as followup
from services.kpi.goals import api as goals
from services.kpi.goals.gauges import GoalGauges, standings
from services.kpi.goals.stream import Stream
from services.kpi.history import api as history
from services.kpi.invitations import api as invitations
from services.kpi.milestones import api as milestones
from services.kpi.observations import api as observations
from services.kpi.receipts import api as receipts
from services.kpi.receipts.beside import Past
from services.kpi.recommendations import api as recommendations
from services.kpi.reports import api as reports
from services.kpi.surveys import api as surveys
from services.kpi.versions import api as versions
from services.kpi.yearly import api as yearly
from services.kpi.yearwheel import api as yearwheel
from shared import web
from shared.database import Database
from shared.metrics import Metrics
from shared.settings import Settings
from shared.tenancy import EVERY_TENANT

# A plan of sixty goals with all its notes is some 100 KiB of text.
MAX_BODY_BYTES = 512 * 1024


def create_app(settings: Settings | None = None, metrics: Metrics | None = None) -> FastAPI:
    settings = (settings or Settings()).for_service("kpi")
    metrics = metrics or Metrics("kpi")
    database = Database(settings.database_url, pool_size=settings.pool_size)
    gauges = GoalGauges(metrics.registry)

    async def on_scrape() -> None:
        """Read when somebody looks: a value that the API shows and a value on a dashboard are the same row."""
        async with database.transaction(EVERY_TENANT) as session:
            gauges.show(await standings(session))

    app = web.create_app(
        "kpi",
        settings=settings,
        database=database,
        metrics=metrics,
        routers=[
            goals.api,
            decisions.api,
            receipts.api,
            reports.api,
            history.api,
            followup.api,
            versions.api,
            observations.api,
            milestones.api,
            recommendations.api,
            surveys.api,
            invitations.api,
            answering.api,
            yearwheel.api,
            yearly.api,
        ],
        on_scrape=on_scrape,
        parts=[Stream(database).running],
        max_body_bytes=MAX_BODY_BYTES,
    )
    app.state.past = Past(settings)
    return app
