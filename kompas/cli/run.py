"""Commands that run something: everything at once (`up`), or one half of one service, as containers do."""

import asyncio
import gc
import os
import signal
import socket
from collections.abc import Coroutine
from contextlib import suppress
from importlib import import_module
from typing import Annotated, Any

import typer
import uvicorn
import uvloop

from kompas.cli.services import ServiceName
from kompas.errors import Stop
from shared import logging, migrations
from shared.messaging.health import serve_health
from shared.messaging.patience import Hopeless
from shared.metrics import Metrics
from shared.settings import Settings

# A worker's health and metrics are read from another machine; there is nothing of a person in them.
EVERYWHERE = "0.0.0.0"  # noqa: S104

app = typer.Typer()


@app.command()
def up() -> None:
    """Start everything on this machine: PostgreSQL, Kafka and the five services. The same as [bold]make run[/].

    Example: [green]kompas up[/], and Ctrl-C to stop.
    """
    uvloop.run(import_module("kompas.up").up())


@app.command()
def api(
    service: ServiceName,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)] = 8000,
) -> None:
    """Run one service's HTTP half. Needs its database (KOMPAS_DATABASE_URL), but no Kafka.

    Example: [green]kompas api booking --port 8001[/]
    """
    settings = from_environment(service)
    require_free(host, port, "--port")
    logging.configure(settings.log_level)
    asyncio.run(migrations.upgrade(service, settings.database_url))
    application = import_module(f"services.{service}.main").create_app(settings)
    # What is loaded by now stays. To look through it for garbage again and again took a twelfth of a request's CPU.
    gc.freeze()
    gc.set_threshold(10_000, 50, 100)
    uvicorn.run(application, host=host, port=port, log_config=None, access_log=False, server_header=False)


@app.command()
def worker(
    service: ServiceName,
    health_port: Annotated[
        int | None, typer.Option(help="Serve health and metrics on this port.", min=1, max=65535)
    ] = None,
    host: Annotated[str, typer.Option(help="The address for health and metrics.")] = EVERYWHERE,
) -> None:
    """Run one service's other half: it publishes what the service states and hears what others state.

    Example: [green]kompas worker kpi --health-port 9000[/]
    """
    settings, metrics = from_environment(service), Metrics(service)
    if health_port:
        require_free(host, health_port, "--health-port")
    logging.configure(settings.log_level)
    half = import_module(f"services.{service}.worker").create_worker(settings, metrics)

    async def both() -> None:
        await migrations.upgrade(service, settings.database_url)
        async with asyncio.TaskGroup() as group:
            group.create_task(half.run())
            if health_port:
                group.create_task(serve_health(half, metrics, health_port, host=host))

    try:
        uvloop.run(until_told(both()))
    except ExceptionGroup as group:
        if group.subgroup(Hopeless) is None:
            raise
        raise Stop(f"The worker of {service} cannot go on.", "Start it again; its log says why.") from None


@app.command()
def migrate(service: ServiceName) -> None:
    """Bring one service's database to the newest schema. [bold]api[/] and [bold]worker[/] do it by themselves.

    Example: [green]kompas migrate booking[/]
    """
    asyncio.run(migrations.upgrade(service, from_environment(service).database_url))
    typer.echo(f"The database of {service} has the newest schema.")


def from_environment(service: str) -> Settings:
    if not os.environ.get("KOMPAS_DATABASE_URL"):
        raise Stop(
            "KOMPAS_DATABASE_URL is not set.",
            f"It names the database of {service}, e.g. postgresql://user:password@host/kompas_{service}.",
            code=2,
        )
    return Settings().for_service(service)


def require_free(host: str, port: int, option: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise Stop(
                f"Port {port} cannot be had on {host}: it is in use.", f"Choose another with {option}."
            ) from None


async def until_told(work: Coroutine[Any, Any, None]) -> None:
    """Until it ends by itself, or until SIGTERM or Ctrl-C: both mean to stop in order."""
    task = asyncio.ensure_future(work)
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, task.cancel)
    with suppress(asyncio.CancelledError):
        await task
