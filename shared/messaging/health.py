"""What a worker that runs alone shows the world: whether it lives, whether it is ready, and its metrics."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from shared.messaging.worker import Worker
from shared.metrics import Metrics


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals belong to whoever started the worker."""
        yield


async def serve_health(worker: Worker, metrics: Metrics, port: int, *, host: str = "127.0.0.1") -> None:
    """Until cancelled. Liveness does not depend on Kafka: restarting a worker does not bring Kafka back."""

    async def app(scope: Any, _: Any, send: Any) -> None:
        status, kind, body = 200, b"application/json", b'{"status": "ok"}'
        match scope["path"].removeprefix(f"/{worker.service}"):
            case "/health/live":
                pass
            case "/health/ready":
                if not worker.ready():
                    status, body = 503, json.dumps({"status": "waiting for Kafka"}).encode()
            case "/metrics":
                kind, body = b"text/plain; version=1.0.0; charset=utf-8", metrics.render()
            case _:
                status, body = 404, b'{"status": "not found"}'
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind)]})
        await send({"type": "http.response.body", "body": body})

    config = uvicorn.Config(app, host=host, port=port, log_config=None, access_log=False, lifespan="off")
    server = _Server(config)
    serving = asyncio.create_task(server.serve())
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await serving
