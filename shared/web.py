"""The application factory: what makes five services answer alike."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.middleware import Middleware
from fastapi_offline import FastAPIOffline
from sqlalchemy import text
from starlette.responses import JSONResponse, PlainTextResponse, Response

from shared.asyncapi import document
from shared.auth import KeyRing
from shared.database import Database
from shared.door import Direct, Directly
from shared.errors import REFUSALS
from shared.metrics import Metrics
from shared.middleware import HANDLERS, Limited, Observed, Unhandled
from shared.settings import Settings

# Generous for every body of this system, and too small to fill a process's memory with.
MAX_BODY_BYTES = 64 * 1024

# Something that lives as long as the application, such as the writer of page views.
Part = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(
    service: str,
    *,
    settings: Settings,
    database: Database,
    metrics: Metrics,
    routers: Sequence[APIRouter],
    on_scrape: Callable[[], Awaitable[None]] | None = None,
    parts: Sequence[Part] = (),
    max_body_bytes: int = MAX_BODY_BYTES,
) -> FastAPI:
    """One service's API. It needs its database to answer and nothing of Kafka: facts go to the outbox."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(database.dispose)
            for part in parts:
                await stack.enter_async_context(part(app))
            yield

    direct = [route for each in routers for route in each.routes if isinstance(route, Direct)]
    app = FastAPIOffline(
        title=f"Kompas: {service}",
        version="1",
        lifespan=lifespan,
        docs_url=f"/{service}/docs",
        # The page's scripts come from here: nobody who reads it is told to a third party, and it works without a net.
        static_url=f"/{service}/docs/static",
        swagger_ui_oauth2_redirect_url=f"/{service}/docs/oauth2-redirect",
        redoc_url=None,
        openapi_url=f"/{service}/openapi.json",
        exception_handlers=HANDLERS,
        responses=REFUSALS,
        middleware=[
            Middleware(Observed, metrics=metrics),
            Middleware(Unhandled),
            Middleware(Directly, routes=direct),
            # Not as FastAPI's `max_body_size`, which wraps the application, each router and each route in it anew.
            Middleware(Limited, max_body_size=max_body_bytes),
        ],
        telemetry={"tracing": False, "metrics": False, "logs": False},  # Its spans would carry paths and queries.
    )
    app.state.settings, app.state.database, app.state.metrics = settings, database, metrics
    app.state.keys = KeyRing(settings)
    app.include_router(_operations(service, database, metrics, on_scrape))
    for each in routers:
        app.include_router(each)
    return app


def _operations(
    service: str, database: Database, metrics: Metrics, on_scrape: Callable[[], Awaitable[None]] | None
) -> APIRouter:
    """Health, metrics and the description of the service's events. No tenant, no person, so no permission either."""
    router = APIRouter(prefix=f"/{service}", include_in_schema=False)

    @router.get("/health/live")
    async def live() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/health/ready")
    async def ready() -> Response:
        """Ready means: this service can do its work, for which it needs its database and its schema."""
        async with database.engine.connect() as connection:
            version = await connection.scalar(text("select version_num from alembic_version"))
        return JSONResponse({"status": "ok", "schema": version})

    @router.get("/metrics")
    async def exposition() -> Response:
        if on_scrape:
            await on_scrape()
        return PlainTextResponse(metrics.render(), media_type="text/plain; version=1.0.0; charset=utf-8")

    @router.get("/asyncapi")
    async def asyncapi() -> dict[str, Any]:
        return document(service)

    return router
