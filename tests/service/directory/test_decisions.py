"""Who sent changes in by a link is told what staff decided: all of a sitting at once, and nothing that is not so."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
import time_machine
from sqlalchemy import text

from services.directory.decisions.usecases import tell
from shared.clock import now, today
from tests.service.directory.centre import Centre, Json
from tests.service.directory.keeping import PUBLIC
from tests.service.directory.links import AASE, linked

SOON, LATER = 11, 300


@pytest_asyncio.fixture
async def cafe(centre: Centre) -> Json:
    await centre.call("PUT", "review", centre.staff, {"wanted": True})
    return await centre.organisation()


async def wrote(centre: Centre, entry: Json, who: dict[str, str], **fields: Any) -> str:
    """One change of an activity, sent in."""
    change = (await centre.post(f"activities/{entry['id']}/changes", fields, who)).json()
    sent = await centre.post(f"changes/{change['id']}/submit", None, who)
    assert sent.status_code == 200, sent.text
    return f"changes/{change['id']}"


async def rounds(centre: Centre, minutes: int = SOON, workers: int = 1) -> None:
    """The job's visit, so many minutes from now."""

    async def visit() -> None:
        async with centre.database.transaction(centre.tenant) as session:
            await tell(session, centre.tenant, PUBLIC)

    with time_machine.travel(now() + timedelta(minutes=minutes), tick=False):
        await asyncio.gather(*(visit() for _ in range(workers)))


async def post(centre: Centre) -> list[tuple[str, Json]]:
    """What went to notify since we looked last, in order."""
    async with centre.database.transaction(centre.tenant) as session:
        rows = await (await session.connection()).execute(
            text(
                "delete from outbox where topic = 'contacts' or type like 'kompas.directory.decision.%'"
                " returning id, key, topic, payload"
            )
        )
        found = sorted(rows.all())
    kinds = {"contacts": "shared", "directory.events": "announced"}
    return [
        (kinds[row.topic], json.loads(row.payload)["data"]) if row.payload else ("erased", {"contact_id": row.key})
        for row in found
    ]


async def letters(centre: Centre) -> list[str]:
    return [data["about"] for kind, data in await post(centre) if kind == "shared" and "about" in data]


async def opens(centre: Centre, shared: Json) -> bool:
    link = shared["manage_url"].removeprefix(f"{PUBLIC}/directory/{centre.tenant}/edit#")
    return (await centre.get("editing", {"x-editor-link": link})).status_code == 200


async def test_one_letter_tells_an_editor_of_all_that_was_approved_in_a_sitting(centre: Centre, cafe: Json) -> None:
    aase = await linked(centre, cafe)
    meal, song = await centre.activity(cafe, title="Spis"), await centre.activity(cafe, title="Syng", published=False)
    first = await wrote(centre, meal, aase, price=25)
    second = await wrote(centre, song, aase, publish_on=str(today() + timedelta(days=9)))
    await post(centre)

    await centre.done(f"{first}/approve")
    await rounds(centre, 9)
    assert await post(centre) == [], "staff may be at it"
    await centre.done(f"{second}/approve")
    await rounds(centre, workers=2)
    told = await post(centre)
    await rounds(centre, LATER)

    assert await post(centre) == []
    (_, shared), (_, announced) = told
    assert (shared["email"], shared["language"]) == (AASE["email"], "da")
    assert shared["about"] == "Vises nu: Spis\nVises fra den valgte dag: Syng"
    assert await opens(centre, shared)
    assert announced.keys() == {"organisation_id", "contact_id", "decision", "changes", "expires_at"}
    assert (announced["organisation_id"], announced["decision"], announced["changes"]) == (cafe["id"], "approved", 2)


async def test_what_is_sent_back_is_a_letter_of_its_own_and_says_neither_why_nor_anything_in_the_event(
    centre: Centre, cafe: Json
) -> None:
    aase = await linked(centre, cafe, language="en")
    meal, song = await centre.activity(cafe, title="Spis"), await centre.activity(cafe, title="Syng")
    change, other = await wrote(centre, meal, aase, price=25), await wrote(centre, song, aase, price=30)
    await centre.done(f"{change}/return", {"reason": "Er prisen rigtig?"})
    await centre.done(f"{other}/approve")
    await post(centre)

    await rounds(centre)

    told = await post(centre)
    assert {data["about"] for kind, data in told if kind == "shared"} == {"It is about: Spis", "Shown now: Syng"}
    assert {data["decision"] for kind, data in told if kind == "announced"} == {"approved", "returned"}
    assert "prisen" not in json.dumps(told)


async def test_nobody_is_told_who_came_by_no_link_or_showed_it_themselves(centre: Centre, cafe: Json) -> None:
    aase, token = await linked(centre, cafe), centre.association(cafe["id"])
    meals = [await centre.activity(cafe, title=title) for title in ("Spis", "Syng", "Sy")]
    await wrote(centre, meals[0], aase, price=20)
    await centre.done(f"{await wrote(centre, meals[0], token, price=25)}/approve")
    await wrote(centre, meals[1], centre.staff, price=25)
    await centre.call("PUT", "review", centre.staff, {"wanted": False})
    await wrote(centre, meals[2], aase, price=25)
    await post(centre)

    await rounds(centre)

    assert await post(centre) == []


async def test_staff_who_put_right_what_was_sent_in_and_show_it_have_approved_it(centre: Centre, cafe: Json) -> None:
    aase = await linked(centre, cafe)
    meal = await centre.activity(cafe, title="Spis")
    await wrote(centre, meal, aase, price=25)
    await wrote(centre, meal, centre.staff, locality="Bolbro")

    await rounds(centre)

    assert await letters(centre) == ["Vises nu: Spis"]


async def test_who_edits_no_longer_is_not_told_and_who_has_another_address_is_told_there(
    centre: Centre, cafe: Json
) -> None:
    aase = await linked(centre, cafe)
    (role,) = (await centre.get(f"organisations/{cafe['id']}/contacts", centre.staff)).json()["items"]
    path = f"organisations/{cafe['id']}/contacts/{role['id']}"
    meals = [await centre.activity(cafe, title=title) for title in ("Spis", "Syng", "Sy")]
    first, second, third = [await wrote(centre, meal, aase, price=25) for meal in meals]

    await centre.done(f"{first}/approve")
    await centre.patch(path, {"email": "aase@ny.dk"})
    await post(centre)
    await rounds(centre)
    at_new = [data["email"] for kind, data in await post(centre) if kind == "shared"]
    await centre.done(f"{second}/approve")
    await centre.patch(path, {"role": "chair"})
    await post(centre)
    await rounds(centre)
    as_chair = await post(centre)
    await centre.done(f"{third}/return", {"reason": "Er prisen rigtig?"})
    await centre.patch(path, {"role": "editor"})
    await rounds(centre)
    waiting = [data["email"] for kind, data in await post(centre) if kind == "shared" and "about" in data]
    await centre.done(f"{path}/end")
    ended = await post(centre)
    await rounds(centre, LATER)

    assert (at_new, as_chair, waiting) == (["aase@ny.dk"], [], ["aase@ny.dk"])
    # The person's own, and that of each letter which may still wait.
    assert [kind for kind, _ in ended] == ["erased"] * 2
    assert await post(centre) == []
    assert await centre.count("changes where untold_since is not null or letter_id is not null") == 0


async def test_what_is_undone_or_written_again_before_the_letter_is_not_told(centre: Centre, cafe: Json) -> None:
    aase = await linked(centre, cafe)
    titles = ("Spis", "Syng", "Strik", "Sy")
    meal, song, draft, sewing = [await centre.activity(cafe, title=each, published=each != "Strik") for each in titles]
    fixed = await wrote(centre, sewing, aase, price=25, locality="Bolbro")
    undone, again, first = [await wrote(centre, each, aase, price=25) for each in (meal, song, draft)]
    for change in (fixed, undone, first):
        await centre.done(f"{change}/approve")
    await centre.done(f"{again}/return", {"reason": "Er prisen rigtig?"})
    await post(centre)

    await centre.patch(f"activities/{meal['id']}", {"price": None})
    await centre.done(f"activities/{draft['id']}/withdraw")
    await centre.patch(f"activities/{sewing['id']}", {"locality": "Bolbro, Odense"})
    await centre.post(f"activities/{song['id']}/changes", {"price": 20}, aase)
    await rounds(centre)

    assert await letters(centre) == ["Vises nu: Sy"], "staff have put right what they approved"


async def test_what_no_longer_holds_goes_out_of_a_letter_that_may_still_wait(centre: Centre, cafe: Json) -> None:
    aase = await linked(centre, cafe)
    meal, song = await centre.activity(cafe, title="Spis"), await centre.activity(cafe, title="Syng")
    for each in (meal, song):
        await centre.done(f"{await wrote(centre, each, aase, price=25)}/approve")
    await post(centre)
    await rounds(centre)
    (_, first), (_, announced) = await post(centre)

    await centre.patch(f"activities/{meal['id']}", {"price": None})
    await rounds(centre)
    ((_, anew),) = await post(centre)
    await centre.patch(f"activities/{song['id']}", {"price": None})
    await rounds(centre)
    gone = await post(centre)
    await rounds(centre, LATER)

    assert (first["about"], anew["about"]) == ("Vises nu: Spis, Syng", "Vises nu: Syng")
    assert gone == [("erased", {"contact_id": announced["contact_id"]})]
    assert await post(centre) == []
    assert await centre.count(f"editor_links where contact_id = '{announced['contact_id']}'") == 0
    assert [await opens(centre, each) for each in (first, anew)] == [True, True], "either may have been sent"


@pytest.mark.parametrize("waits", [True, False], ids=["waits for staff", "is approved at once"])
async def test_a_change_that_was_sent_back_and_comes_again_is_told_anew(
    centre: Centre, cafe: Json, waits: bool
) -> None:
    aase = await linked(centre, cafe)
    meal = await centre.activity(cafe, title="Spis")
    change = await wrote(centre, meal, aase, price=25)
    await centre.done(f"{change}/return", {"reason": "Er prisen rigtig?"})
    await rounds(centre)
    await post(centre)

    await centre.post(f"{change}/submit", None, aase)
    if not waits:
        await centre.done(f"{change}/approve")
    await rounds(centre, 1)
    taken_back = await post(centre)
    if waits:
        await centre.done(f"{change}/approve")
    await rounds(centre)

    assert [kind for kind, _ in taken_back] == ["erased"]
    assert await letters(centre) == ["Vises nu: Spis"]


async def test_where_a_letter_went_is_forgotten_after_a_week_and_its_link_goes_on(centre: Centre, cafe: Json) -> None:
    aase = await linked(centre, cafe)
    await centre.done(f"{await wrote(centre, await centre.activity(cafe), aase, price=25)}/approve")
    await rounds(centre)
    shared = next(data for _, data in await post(centre) if "about" in data)

    await rounds(centre, 6 * 24 * 60)
    kept = await post(centre)
    await rounds(centre, 8 * 24 * 60)

    assert kept == []
    assert [kind for kind, _ in await post(centre)] == ["erased"]
    assert await opens(centre, shared)
    assert await centre.count("changes where letter_id is not null") == 0


async def test_an_editor_whose_letter_was_taken_back_may_ask_for_a_link_at_once(centre: Centre, cafe: Json) -> None:
    await centre.post(f"organisations/{cafe['id']}/contacts", AASE)
    with time_machine.travel(now() - timedelta(hours=2), tick=False):
        await centre.post("editor-links", {"email": AASE["email"]})
    link = [data for _, data in await post(centre) if "manage_url" in data][-1]["manage_url"].partition("#")[2]
    aase = {"x-editor-link": link}
    meal = await centre.activity(cafe, title="Spis")
    await centre.done(f"{await wrote(centre, meal, aase, price=25)}/approve")
    await rounds(centre)

    await centre.post("editor-links", {"email": AASE["email"]})
    while_it_waits = [data["manage_url"] for kind, data in await post(centre) if kind == "shared"]
    await centre.patch(f"activities/{meal['id']}", {"price": None})
    await rounds(centre, 12)
    await centre.post("editor-links", {"email": AASE["email"]})

    assert len(while_it_waits) == 1, "the letter's own"
    assert [kind for kind, _ in await post(centre)] == ["erased", "shared"]
