"""Everything in one process: platform, schemas, topics, five APIs on one port and five workers. This is `make run`."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, redirect_stderr, suppress
from functools import partial
from io import TextIOWrapper

from cryptography.fernet import Fernet

from deploy.kafka.topics import create_topics
from deploy.local import ports
from deploy.local.home import Home, open_log, write_private
from deploy.local.platform import Platform
from deploy.postgres.provision import address, provision
from kompas.halves import SERVICES, http, workers
from kompas.progress import Progress
from kompas.welcome import welcome
from services.kpi.adoption import adopt_bundled_plans
from shared import logging
from shared.database import Database
from shared.metrics import Metrics
from shared.migrations import upgrade
from shared.settings import Settings
from shared.signing import ensure_signing_key

PORT = 8000


async def up() -> None:
    """Run until Ctrl-C or SIGTERM, then stop in order: HTTP, workers, Kafka, PostgreSQL."""
    running = asyncio.create_task(_run(Progress()))
    stopping = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stopping.set)
    # Waiting for an event and cancelling once: a second Ctrl-C cannot break off an orderly stop.
    signalled = asyncio.create_task(stopping.wait())
    await asyncio.wait({running, signalled}, return_when=asyncio.FIRST_COMPLETED)
    signalled.cancel()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def _run(say: Progress) -> None:
    home = Home.of_environment()
    home.prepare()
    home.claim()
    port = ports.from_environment("KOMPAS_PORT", PORT)
    log = TextIOWrapper(open_log(home.logs / "kompas.log"), encoding="utf-8", line_buffering=True)
    with await _reserve(port) as door, log, redirect_stderr(log):
        logging.configure(os.environ.get("KOMPAS_LOG_LEVEL", "INFO"))
        async with _platform(home, say) as platform:
            settings = await _start(home, platform, port, say)
            metrics = {service: Metrics(service) for service in SERVICES}
            async with workers(metrics), http(door, metrics) as serving:
                write_private(home.description, settings)
                say("ready")
                say.show(welcome(home, settings["public_url"], SERVICES))
                supervising = asyncio.create_task(platform.supervise())
                try:
                    await asyncio.wait({supervising, serving}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    supervising.cancel()


@asynccontextmanager
async def _platform(home: Home, say: Progress) -> AsyncIterator[Platform]:
    platform = Platform.of_environment(home, say)
    try:
        yield platform
    finally:
        home.description.unlink(missing_ok=True)
        say("stopping")
        await platform.stop()
        say("stopped")


async def _start(home: Home, platform: Platform, port: int, say: Progress) -> dict[str, str]:
    """Servers, databases, topics, key and plans as this version of the code needs them, and the services' settings."""
    settings = {
        "kafka_bootstrap_servers": platform.bootstrap_servers,
        "jwks": os.environ.get("KOMPAS_JWKS") or str(ensure_signing_key(home.keys)),
        "message_keys": os.environ.get("KOMPAS_MESSAGE_KEYS") or home.password("messages", _new_key),
        # Whoever names a mail server wants mail to leave.
        "mailbox": os.environ.get("KOMPAS_MAILBOX") or ("" if os.environ.get("KOMPAS_SMTP_URL") else str(home.mailbox)),
        "public_url": os.environ.get("KOMPAS_PUBLIC_URL") or f"http://{ports.LOOPBACK}:{port}",
    }
    await platform.start(with_postgres=partial(_prepare_databases, home, platform, settings, say))
    for difference in await create_topics(platform.bootstrap_servers):
        say(f"note: {difference}")
    return settings


def _new_key() -> str:
    return Fernet.generate_key().decode()


async def _prepare_databases(home: Home, platform: Platform, settings: dict[str, str], say: Progress) -> None:
    say("PostgreSQL is up; bringing the databases to the newest schema")
    password = home.password("services")
    urls = await provision(platform.admin_url, SERVICES, dict.fromkeys(SERVICES, password))
    for service, url in urls.items():
        await upgrade(service, url)
    settings["database_url"] = address(platform.admin_url, "SERVICE", password).replace("SERVICE", "{service}")
    # The services read their settings from the environment, here as in a container.
    os.environ |= {f"KOMPAS_{name.upper()}": value for name, value in settings.items()}
    database = Database(urls["kpi"])
    try:
        await adopt_bundled_plans(database, Settings().tenants)
    finally:
        await database.dispose()


async def _reserve(port: int) -> socket.socket:
    """The port, bound before anything is started: to find it taken after a minute of preparations would be rude."""
    await ports.require_free(port, what="Kompas", variable="KOMPAS_PORT")
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.bind((ports.LOOPBACK, port))
    return door
