"""The two halves of every service in one process: the APIs behind one server, the workers under one supervisor."""

import asyncio
import socket
from asyncio import FIRST_COMPLETED
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from importlib import import_module

import uvicorn

from kompas.one_app import OneApp
from shared.logging import fault, log
from shared.metrics import Metrics

SERVICES = ("directory", "booking", "matching", "notify", "kpi")
# Streams of goals never end by themselves; whoever listens connects again.
GRACE_SECONDS = 3
RESTART_AFTER_SECONDS = 2


class Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to `up`, which stops more than HTTP."""
        yield


@asynccontextmanager
async def http(door: socket.socket, metrics: Mapping[str, Metrics]) -> AsyncIterator[asyncio.Task[None]]:
    """All APIs answer while the block runs; the task it gives ends when they no longer do."""
    async with AsyncExitStack() as stack:
        apps = {}
        for service in SERVICES:
            app = import_module(f"services.{service}.main").create_app(metrics=metrics[service])
            await stack.enter_async_context(app.router.lifespan_context(app))
            apps[service] = app
        server = Server(
            uvicorn.Config(
                OneApp(apps),
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        serving = asyncio.create_task(server.serve([door]))
        try:
            await asyncio.wait({serving, up := asyncio.create_task(server.up.wait())}, return_when=FIRST_COMPLETED)
            up.cancel()
            yield serving
        finally:
            server.should_exit = True
            await serving


@asynccontextmanager
async def workers(metrics: Mapping[str, Metrics]) -> AsyncIterator[None]:
    """All workers run while the block runs; afterwards they have finished what they were at."""
    tasks = [asyncio.create_task(_keep(service, metrics[service])) for service in SERVICES]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _keep(service: str, metrics: Metrics) -> None:
    """Make the worker anew whenever it gives up, as an orchestrator would start its container again."""
    while True:
        try:
            await import_module(f"services.{service}.worker").create_worker(metrics=metrics).run()
        except Exception as error:
            log().error("worker ended", service=service, **fault(error))
        await asyncio.sleep(RESTART_AFTER_SECONDS)
