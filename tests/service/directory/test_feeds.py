"""The feeds of changes: whoever reads one, from zero or from where they stopped, has what the directory shows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from tests.service.directory.centre import Centre
from tests.service.directory.harvester import EXPORTS, Harvester, export
from tests.service.directory.scribe import Scribe
from tests.service.directory.town import Town
from tests.support.waiting import eventually

Json = dict[str, Any]


@asynccontextmanager
async def open_transaction(centre: Centre) -> AsyncIterator[AsyncSession]:
    async with centre.database.transaction(centre.tenant) as session:
        yield session


async def rename(session: AsyncSession, organisation: Json, name: str) -> None:
    await (await session.connection()).execute(
        text("update organisations set name = :name where id = :id"), {"name": name, "id": organisation["id"]}
    )


async def test_an_entry_appears_changes_and_disappears_in_the_feed(centre: Centre) -> None:
    cafe = await centre.organisation()
    activities = Harvester(centre, "activities")
    draft = await centre.activity(cafe, published=False)
    assert await activities.catch_up() == []

    await centre.done(f"activities/{draft['id']}/publish")
    (published,) = await activities.catch_up()
    await centre.patch(f"activities/{draft['id']}", {"title": "Fællesspisning"})
    (changed,) = await activities.catch_up()
    await centre.patch(f"organisations/{cafe['id']}", {"name": "Café Mørk"})
    (owner_changed,) = await activities.catch_up()
    await centre.done(f"activities/{draft['id']}/withdraw")
    (withdrawn,) = await activities.catch_up()

    assert (published["state"], published["kind"], published["id"]) == ("updated", "service", draft["id"])
    assert changed["data"]["name"] == "Fællesspisning"
    assert owner_changed["data"]["organization"]["name"] == "Café Mørk"
    assert withdrawn == {
        "state": "deleted", "kind": "service", "id": draft["id"], "modified": withdrawn["modified"],
    }  # fmt: skip
    assert activities.copy == {}


async def test_who_closes_takes_along_its_activities_in_the_feed_too(centre: Centre) -> None:
    cafe = await centre.organisation()
    activity = await centre.activity(cafe)
    await centre.done(f"organisations/{cafe['id']}/close")

    organisations, activities = Harvester(centre, "organisations"), Harvester(centre, "activities")
    await organisations.catch_up()
    await activities.catch_up()

    assert (set(organisations.gone), set(activities.gone)) == ({cafe["id"]}, {activity["id"]})


async def test_what_was_merged_says_into_what_and_nobody_hears_of_what_was_never_shown(centre: Centre) -> None:
    town = await Town(centre).stand()
    await centre.run(f"update activities set replaced_by = '{town.meal.id}' where id = '{town.walk.id}'")
    await centre.run(f"update activities set title = 'Stadig en kladde' where id = '{town.draft.id}'")
    await centre.run(f"delete from activities where id = '{town.draft.id}'")
    harvester = Harvester(centre, "activities")

    await harvester.catch_up()

    assert harvester.gone[str(town.walk.id)]["replaced_by"] == str(town.meal.id)
    known = {*harvester.copy, *harvester.gone}
    assert not {str(each.id) for each in (town.draft, town.withdrawn, town.merged)} & known


async def test_an_activity_is_told_anew_when_its_place_or_its_organisation_changes(centre: Centre) -> None:
    town = await Town(centre).stand()
    harvester = Harvester(centre, "activities")
    await harvester.catch_up()

    await centre.run(f"update premises set name = 'Kulturhuset' where id = '{town.hall.id}'")
    (moved,) = await harvester.catch_up()
    await centre.run(f"update organisations set name = 'Café Mørk' where id = '{town.cafe.id}'")
    renamed = await harvester.catch_up()

    assert moved["data"]["service_at_locations"][0]["location"]["name"] == "Kulturhuset"
    assert {item["id"] for item in renamed} == {str(each.id) for each in town.shown}
    assert harvester.copy == await export(centre, "activities")


async def test_a_feed_names_its_licence_and_an_unknown_one_is_not_there(centre: Centre) -> None:
    page = (await centre.get("feeds/premises")).json()

    assert page["items"] == []
    assert page["license"].startswith("https://creativecommons.org/licenses/")
    assert page["next"].endswith(f"/directory/{centre.tenant}/feeds/premises?afterChangeNumber=0")
    assert (await centre.get("feeds/persons")).status_code == 404


async def test_who_began_first_and_commits_last_is_not_missed(centre: Centre) -> None:
    first, second = await centre.organisation(name="Første"), await centre.organisation(name="Anden")
    harvester = Harvester(centre, "organisations")
    await harvester.catch_up()

    async with open_transaction(centre) as slow:
        await rename(slow, first, "Første, senere")
        async with open_transaction(centre) as quick:
            await rename(quick, second, "Anden, med det samme")
        (seen,) = await harvester.catch_up()
    (late,) = await harvester.catch_up()

    assert (seen["id"], late["id"]) == (second["id"], first["id"])
    assert harvester.copy[first["id"]]["name"] == "Første, senere"


async def test_a_number_that_is_drawn_but_not_committed_holds_back_the_numbers_after_it(centre: Centre) -> None:
    """The moment in which a feed by sequence or by time would lose an entry for ever."""
    first, second = await centre.organisation(name="Første"), await centre.organisation(name="Anden")
    harvester = Harvester(centre, "organisations")
    await harvester.catch_up()

    async def commit_second() -> None:
        async with open_transaction(centre) as session:
            await rename(session, second, "Anden, nu")

    async with open_transaction(centre) as slow:
        await rename(slow, first, "Første, nu")
        await (await slow.connection()).execute(text("set constraints all immediate"))
        racing = asyncio.create_task(commit_second())

        async def waits() -> None:
            here = "database = (select oid from pg_database where datname = current_database())"
            waiting = f"select count(*) from pg_locks where classid = 7302413 and not granted and {here}"
            assert (await (await slow.connection()).execute(text(waiting))).scalar_one() == 1

        await eventually(waits)
        assert await harvester.catch_up() == []
    await racing

    assert [item["id"] for item in await harvester.catch_up()] == [first["id"], second["id"]]


@pytest.mark.parametrize("seed", [20261121])
async def test_a_harvest_from_zero_equals_the_export_after_a_thousand_random_edits(centre: Centre, seed: int) -> None:
    await Town(centre).stand()
    beside = [Harvester(centre, feed, limit=100) for feed in EXPORTS]
    scribes = [Scribe(centre, seed + number) for number in range(4)]

    for _ in range(10):
        await asyncio.gather(*(scribe.edit(25) for scribe in scribes), *(each.catch_up() for each in beside))
        for harvester in beside:
            await harvester.catch_up()

    for harvester in beside:
        expected = await export(centre, harvester.feed)
        from_zero = Harvester(centre, harvester.feed)
        await from_zero.catch_up()
        assert from_zero.copy == expected
        assert harvester.copy == expected
        assert harvester.gone.keys() == from_zero.gone.keys()
        assert len(expected) > 5, harvester.feed
    assert sum(len(harvester.gone) for harvester in beside) > 20
