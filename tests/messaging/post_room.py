"""The directory's and notify's workers side by side, and the mail server that letters from the directory reach."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import EmailMessage

import httpx2
from pydantic import SecretStr

from services.directory import worker as directory
from services.directory.main import create_app
from services.notify import worker as notify
from services.notify.settings import NotifySettings
from shared.settings import Settings
from tests.messaging.stage import running
from tests.service.directory.centre import Centre
from tests.service.notify.office import MailServer
from tests.support.databases import Databases
from tests.support.kafka import read_up_to_here
from tests.support.people import fresh_tenant, jwks

PUBLIC_URL = "https://kompas.example"


@dataclass
class PostRoom:
    centre: Centre
    settings: Settings
    mailing: NotifySettings
    server: MailServer

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        async with (
            running(directory.create_worker(self.settings).run),
            running(notify.create_worker(self.mailing).run),
        ):
            yield

    def mails(self) -> list[EmailMessage]:
        """What Åse of this centre was mailed."""
        return [mail for mail in self.server.mails if mail["To"] == f"aase@{self.centre.tenant}.dk"]


@asynccontextmanager
async def post_room(make_database: Databases, bootstrap_servers: str) -> AsyncIterator[PostRoom]:
    settings = Settings(
        database_url=await make_database.fresh("directory"),
        kafka_bootstrap_servers=bootstrap_servers,
        jwks=jwks(),
        public_url=PUBLIC_URL,
    )
    heard = ("notify.contacts", "notify.booking.events", "notify.directory.events", "notify.kpi.events")
    await read_up_to_here(bootstrap_servers, *heard)
    app = create_app(settings)
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with (
        MailServer().running() as server,
        httpx2.AsyncClient(transport=transport, base_url="http://directory") as client,
    ):
        mailing = NotifySettings(
            database_url=await make_database.fresh("notify"),
            kafka_bootstrap_servers=bootstrap_servers,
            smtp_url=SecretStr(f"smtp://127.0.0.1:{server.port}"),
        )
        yield PostRoom(Centre(client, app.state.database, fresh_tenant()), settings, mailing, server)
    await app.state.database.dispose()
