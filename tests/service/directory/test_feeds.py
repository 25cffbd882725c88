"""The feeds of changes: whoever reads one, from zero or from where they stopped, has what the directory shows."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from tests.service.directory.centre import Centre
from tests.service.directory.town import Town
from tests.support.waiting import eventually

Json = dict[str, Any]
EXPORTS = {
    "organisations": "hsds/organizations?full=true&format=ndjson",
    "activities": "hsds/services?full=true&format=ndjson",
    "premises": "hsds/locations?format=ndjson",
}


class Harvester:
    """A copy of one feed, as a stranger would keep it: by what the pages say and nothing else."""

    def __init__(self, centre: Centre, feed: str, limit: int = 500) -> None:
        self.centre, self.feed = centre, feed
        self.next = f"/directory/{centre.tenant}/feeds/{feed}?limit={limit}"
        self.copy: dict[str, Json] = {}
        self.gone: dict[str, Json] = {}
        self.last = 0

    async def page(self) -> list[Json]:
        answer = await self.centre.client.get(self.next)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        for item in page["items"]:
            assert item["modified"] > self.last
            self.last = item["modified"]
            if item["state"] == "updated":
                self.copy[item["id"]] = item["data"]
                self.gone.pop(item["id"], None)
            else:
                assert "data" not in item
                self.copy.pop(item["id"], None)
                self.gone[item["id"]] = item
        if not page["items"]:
            assert page["next"].endswith(self.next) or self.next.endswith("?limit=500")
        self.next = "/directory/" + page["next"].split("/directory/", 1)[1]
        return list(page["items"])

    async def catch_up(self) -> list[Json]:
        read: list[Json] = []
        while items := await self.page():
            read += items
        return read


async def export(centre: Centre, feed: str) -> dict[str, Json]:
    path, _, query = EXPORTS[feed].partition("?")
    answer = await centre.get(path, **dict(part.split("=") for part in query.split("&")))
    found = [json.loads(line) for line in answer.text.splitlines()]
    # Locations are also those that entries have of their own; the feed is of premises.
    own = set(await _ids(centre, "premises")) if feed == "premises" else None
    return {one["id"]: one for one in found if own is None or one["id"] in own}


async def _ids(centre: Centre, table: str) -> list[str]:
    async with centre.database.transaction(centre.tenant) as session:
        return [str(row.id) for row in await (await session.connection()).execute(text(f"select id from {table}"))]


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


# A thousand random edits


class Scribe:
    """Somebody who edits at random; several of them at a time, and some change their mind before they commit."""

    def __init__(self, centre: Centre, seed: int) -> None:
        self.centre, self.random = centre, random.Random(seed)

    async def edit(self, times: int) -> None:
        done = 0
        while done < times:
            at_once = min(times - done, self.random.choice((1, 2, 5, 10)))
            try:
                async with self.centre.database.transaction(self.centre.tenant) as session:
                    for _ in range(at_once):
                        await self._one(session)
                    if self.random.random() < 0.05:
                        raise ChangedMind
            except ChangedMind:
                continue
            done += at_once

    async def _one(self, session: AsyncSession) -> None:
        kind = self.random.choice(("organisations", *["premises"] * 3, *["activities"] * 6))
        often, seldom = (self._new, self._change), (self._hide, self._show, self._merge, self._move, self._delete)
        deed = self.random.choice((*often * 4, *seldom))
        await deed(session, kind)

    async def _sql(self, session: AsyncSession, statement: str, **parameters: Any) -> Any:
        return await (await session.connection()).execute(text(statement), parameters)

    async def _any(self, session: AsyncSession, kind: str) -> UUID | None:
        """A row that nobody else is at, so that no two scribes wait for each other."""
        rows = await self._sql(
            session, f"select id from {kind} where id >= :from order by id limit 1 for no key update skip locked",
            **{"from": UUID(int=self.random.getrandbits(128))},
        )  # fmt: skip
        return row[0] if (row := rows.first()) else None

    async def _new(self, session: AsyncSession, kind: str) -> None:
        id = UUID(int=self.random.getrandbits(128))
        owner = await self._any(session, "organisations")
        if kind == "organisations" or owner is None:
            values = "id, name, kind, sector", ":id, 'Ny', 'association', 'voluntary'"
            kind = "organisations"
        elif kind == "premises":
            values = "id, organisation_id, name, registered_on", ":id, :owner, 'Nyt hus', '2026-01-01'"
        else:
            values = (
                "id, organisation_id, title, description, themes, target_groups, languages, state",
                ":id, :owner, 'Ny', '', '{ny}', '{}', '{da}', '"
                + self.random.choice(("draft", "published", "published"))
                + "'",
            )
        statement = f"insert into {kind} (tenant, version, {values[0]}) values (:tenant, 1, {values[1]})"
        await self._sql(
            session, statement, id=id, tenant=self.centre.tenant, **({"owner": owner} if ":owner" in values[1] else {})
        )

    async def _change(self, session: AsyncSession, kind: str) -> None:
        column = "title" if kind == "activities" else "name"
        await self._sql(
            session, f"update {kind} set {column} = :word, address = :word where id = :id",
            word=f"Æ{self.random.random()}", id=await self._any(session, kind),
        )  # fmt: skip

    async def _hide(self, session: AsyncSession, kind: str) -> None:
        how = "state = 'withdrawn'" if kind == "activities" else "closed_on = '2026-06-01'"
        await self._sql(session, f"update {kind} set {how} where id = :id", id=await self._any(session, kind))

    async def _show(self, session: AsyncSession, kind: str) -> None:
        how = "state = 'published'" if kind == "activities" else "closed_on = null"
        await self._sql(
            session, f"update {kind} set {how}, replaced_by = null where id = :id", id=await self._any(session, kind)
        )

    async def _merge(self, session: AsyncSession, kind: str) -> None:
        one, other = await self._any(session, kind), await self._any(session, kind)
        await self._sql(session, f"update {kind} set replaced_by = :other where id = :one", one=one, other=other)

    async def _move(self, session: AsyncSession, kind: str) -> None:
        await self._sql(
            session, "update activities set premises_id = :premises where id = :id",
            premises=await self._any(session, "premises"), id=await self._any(session, "activities"),
        )  # fmt: skip

    async def _delete(self, session: AsyncSession, kind: str) -> None:
        if kind == "activities":
            await self._sql(session, "delete from activities where id = :id", id=await self._any(session, kind))


class ChangedMind(Exception):
    pass


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
