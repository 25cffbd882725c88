"""From a deadline in the register to one mail at an association's mail server: both workers, real Kafka."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx2
import pytest_asyncio
from pydantic import SecretStr

from services.directory import worker as directory
from services.directory.funding.usecases import announce
from services.directory.main import create_app
from services.notify import worker as notify
from services.notify.settings import NotifySettings
from shared.clock import today
from shared.settings import Settings
from tests.messaging.stage import running
from tests.service.directory.centre import Centre
from tests.service.notify.office import MailServer
from tests.support.databases import Databases
from tests.support.kafka import read_up_to_here
from tests.support.people import fresh_tenant, jwks
from tests.support.waiting import eventually

PUBLIC_URL = "https://kompas.example"


@dataclass
class Scene:
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

    def mails(self) -> list[str]:
        return [mail.get_content() for mail in self.server.mails if mail["To"] == f"aase@{self.centre.tenant}.dk"]


@pytest_asyncio.fixture
async def scene(make_database: Databases, bootstrap_servers: str) -> AsyncIterator[Scene]:
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
        yield Scene(Centre(client, app.state.database, fresh_tenant()), settings, mailing, server)
    await app.state.database.dispose()


async def test_an_association_gets_one_mail_however_often_it_is_told(scene: Scene) -> None:
    await a_deadline_comes_near(scene.centre)
    await a_morning(scene.centre)
    async with scene.working():
        await eventually(lambda: len(scene.mails()) == 1)

    # As a relay leaves it that dies between publishing and marking; and the morning's work is begun once more.
    await scene.centre.run("update outbox set sent_at = null where type like 'kompas.directory.funding.%'")
    await a_morning(scene.centre)
    # Another centre's mail is the last, so that everything before it has been read.
    last = replace(scene, centre=replace(scene.centre, tenant=fresh_tenant()))
    await a_deadline_comes_near(last.centre)
    await a_morning(last.centre)
    async with scene.working():
        await eventually(lambda: len(last.mails()) == 1)

    (text,) = scene.mails()
    assert "En frist hos en fond eller pulje nærmer sig:" in text
    assert ": §18-midler (Ældrepuljen på Ærø)" in text
    assert f"{PUBLIC_URL}/directory/{scene.centre.tenant}/funding#" in text


async def a_deadline_comes_near(centre: Centre) -> None:
    fund = await centre.organisation(name="Ældrepuljen på Ærø", kind="funder", sector="public")
    cafe = await centre.organisation()
    aase = {"name": "Åse Sørensen", "email": f"aase@{centre.tenant}.dk", "role": "editor"}
    await centre.made(f"organisations/{cafe['id']}/contacts", aase)
    due_on = str(today() + timedelta(days=20))
    await centre.made("funding-deadlines", {"organisation_id": fund["id"], "title": "§18-midler", "due_on": due_on})


async def a_morning(centre: Centre) -> None:
    """Whatever the clock of this machine says."""
    async with centre.database.transaction(centre.tenant) as session:
        await announce(session, centre.tenant, PUBLIC_URL)
