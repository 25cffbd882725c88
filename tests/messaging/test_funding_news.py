"""From a deadline in the register to one mail at an association's mail server: both workers, real Kafka."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest_asyncio

from services.directory.funding.usecases import announce
from shared.clock import today
from tests.messaging.post_room import PUBLIC_URL, PostRoom, post_room
from tests.service.directory.centre import Centre
from tests.support.databases import Databases
from tests.support.people import fresh_tenant
from tests.support.waiting import eventually


@pytest_asyncio.fixture
async def scene(make_database: Databases, bootstrap_servers: str) -> AsyncIterator[PostRoom]:
    async with post_room(make_database, bootstrap_servers) as opened:
        yield opened


async def test_an_association_gets_one_mail_however_often_it_is_told(scene: PostRoom) -> None:
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

    (mail,) = scene.mails()
    text = mail.get_content()
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
