"""From an approval to one mail at an editor's mail server: both workers, real Kafka."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import httpx2
import pytest_asyncio
from pydantic import SecretStr

from services.directory import worker as directory
from services.directory.main import create_app
from services.notify import worker as notify
from services.notify.settings import NotifySettings
from shared.settings import Settings
from tests.messaging.stage import running
from tests.service.directory.centre import Centre
from tests.service.directory.links import linked
from tests.service.notify.office import MailServer
from tests.support.databases import Databases
from tests.support.kafka import read_up_to_here
from tests.support.people import fresh_tenant, jwks
from tests.support.waiting import eventually

PUBLIC_URL = "https://kompas.example"
APPROVED, RETURNED = "Det, du sendte ind, er godkendt", "Vil du se på det igen?"


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

    def subjects(self) -> list[str]:
        """Of what Åse of this centre was mailed, her links not counted."""
        mine = [mail["Subject"] for mail in self.server.mails if mail["To"] == f"aase@{self.centre.tenant}.dk"]
        return sorted(subject for subject in mine if subject in (APPROVED, RETURNED))


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


async def test_an_editor_gets_one_mail_of_each_kind_however_often_it_is_told(scene: Scene) -> None:
    await decided(scene.centre)
    async with scene.working():
        await eventually(lambda: scene.subjects() == [APPROVED, RETURNED])

    # As a relay leaves it that dies between publishing and marking; and the job goes its round once more.
    await scene.centre.run("update outbox set sent_at = null where type like 'kompas.directory.decision.%'")
    # Another centre's mails are the last, so that everything before them has been read.
    last = replace(scene, centre=replace(scene.centre, tenant=fresh_tenant()))
    await decided(last.centre)
    async with scene.working():
        await eventually(lambda: last.subjects() == [APPROVED, RETURNED])

    assert scene.subjects() == [APPROVED, RETURNED]
    (text,) = [
        mail.get_content()
        for mail in scene.server.mails
        if mail["Subject"] == RETURNED and mail["To"] == f"aase@{scene.centre.tenant}.dk"
    ]
    assert "Det gælder: Strik" in text
    assert "Er prisen rigtig?" not in text
    link = text.partition(f"{PUBLIC_URL}/directory/{scene.centre.tenant}/edit#")[2].split()[0]
    assert (await scene.centre.get("editing", {"x-editor-link": link})).status_code == 200


async def decided(centre: Centre) -> None:
    """Staff have approved two changes and returned one, and have been quiet since."""
    await centre.call("PUT", "review", centre.staff, {"wanted": True})
    cafe = await centre.organisation()
    aase = await linked(centre, cafe, email=f"aase@{centre.tenant}.dk")
    for title, decision in (("Spis", "approve"), ("Syng", "approve"), ("Strik", "return")):
        activity = await centre.activity(cafe, title=title)
        change = (await centre.post(f"activities/{activity['id']}/changes", {"price": 25}, aase)).json()
        await centre.post(f"changes/{change['id']}/submit", None, aase)
        reason = {"reason": "Er prisen rigtig?"} if decision == "return" else None
        await centre.done(f"changes/{change['id']}/{decision}", reason)
    await centre.run("update changes set untold_since = untold_since - interval '11 minutes'")
