"""From an approval to one mail at an editor's mail server: both workers, real Kafka."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest_asyncio

from tests.messaging.post_room import PUBLIC_URL, PostRoom, post_room
from tests.service.directory.centre import Centre
from tests.service.directory.links import linked
from tests.support.databases import Databases
from tests.support.people import fresh_tenant
from tests.support.waiting import eventually

APPROVED, RETURNED = "Det, du sendte ind, er godkendt", "Vil du se på det igen?"


@pytest_asyncio.fixture
async def scene(make_database: Databases, bootstrap_servers: str) -> AsyncIterator[PostRoom]:
    async with post_room(make_database, bootstrap_servers) as opened:
        yield opened


async def test_an_editor_gets_one_mail_of_each_kind_however_often_it_is_told(scene: PostRoom) -> None:
    await decided(scene.centre)
    async with scene.working():
        await eventually(lambda: subjects(scene) == [APPROVED, RETURNED])

    # As a relay leaves it that dies between publishing and marking; and the job goes its round once more.
    await scene.centre.run("update outbox set sent_at = null where type like 'kompas.directory.decision.%'")
    # Another centre's mails are the last, so that everything before them has been read.
    last = replace(scene, centre=replace(scene.centre, tenant=fresh_tenant()))
    await decided(last.centre)
    async with scene.working():
        await eventually(lambda: subjects(last) == [APPROVED, RETURNED])

    assert subjects(scene) == [APPROVED, RETURNED]
    (text,) = [mail.get_content() for mail in scene.mails() if mail["Subject"] == RETURNED]
    assert "Det gælder: Strik" in text
    assert "Er prisen rigtig?" not in text
    link = text.partition(f"{PUBLIC_URL}/directory/{scene.centre.tenant}/edit#")[2].split()[0]
    assert (await scene.centre.get("editing", {"x-editor-link": link})).status_code == 200


def subjects(scene: PostRoom) -> list[str]:
    """Without the links she was mailed."""
    return sorted(mail["Subject"] for mail in scene.mails() if mail["Subject"] in (APPROVED, RETURNED))


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
