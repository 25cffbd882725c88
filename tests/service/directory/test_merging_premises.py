"""Premises entered twice: found, merged, answered under both ids with what takes place there, and taken apart again."""

from typing import Any

from sqlalchemy import text

from services.directory.imports.job import Adopting
from tests.service.directory.centre import Centre, Json, kinds
from tests.service.directory.harvester import Harvester, export
from tests.service.directory.sheets import workbook

ROOM, OTHER_ROOM = "01a00000-0000-7000-8000-0000000000aa", "01a00000-0000-7000-8000-0000000000bb"
HALL = {"name": "Den store sal", "postcode": "5240", "address": "Vestergade 12"}
MOVING = {"version", "modified_at"}


async def rows(centre: Centre) -> list[Json]:
    found: list[Json] = []
    async with centre.database.transaction(centre.tenant) as session:
        for table in ("premises", "activities"):
            answer = await (await session.connection()).execute(
                text(f"select to_jsonb({table}) from {table} order by id")
            )
            found += [{name: value for name, value in row.items() if name not in MOVING} for row in answer.scalars()]
    return found


async def entered_twice(centre: Centre, **more: Any) -> tuple[Json, Json, Json]:
    """Kept, merged, and an activity in what is merged."""
    house = await centre.organisation(name="Beboerhuset")
    kept = await centre.made("premises", HALL | {"resource_id": ROOM})
    twice = HALL | {"name": "Store sal, den", "address": "Vestergade 12, 1. sal", "capacity": 80} | more
    merged = await centre.made("premises", twice | {"organisation_id": house["id"], "registered_on": "2024-05-01"})
    return kept, merged, await centre.activity(house, premises_id=merged["id"])


async def merge(centre: Centre, kept: Json, merged: Json) -> Json:
    return await centre.made("merges", {"kind": "premises", "kept_id": kept["id"], "merged_id": merged["id"]})


async def test_two_entries_of_a_hall_become_one_and_two_again(centre: Centre) -> None:
    kept, merged, activity = await entered_twice(centre)
    before, strangers = await rows(centre), [Harvester(centre, feed) for feed in ("premises", "activities")]
    for each in strangers:
        await each.catch_up()
    found = (await centre.get("duplicates/premises", centre.staff)).json()["items"]
    assert [{each["id"] for each in pair["premises"]} for pair in found] == [{kept["id"], merged["id"]}]

    made = await merge(centre, kept, merged)

    assert (made["moved"], [each["field"] for each in made["fields"]]) == ({"activities": 1}, ["capacity"])
    assert (await centre.get("duplicates/premises", centre.staff)).json()["items"] == []
    assert [each["id"] for each in await centre.found("premises")] == [kept["id"]]
    old = await centre.get(f"premises/{merged['id']}")
    assert (old.json()["id"], old.json()["capacity"], old.json()["resource_id"]) == (kept["id"], 80, ROOM)
    assert old.headers["content-location"] == f"/directory/{centre.tenant}/premises/{kept['id']}"
    assert (await centre.get(f"hsds/locations/{merged['id']}")).json()["id"] == kept["id"]
    service = (await centre.get(f"hsds/services/{activity['id']}")).json()
    assert [each["location"]["id"] for each in service["service_at_locations"]] == [kept["id"]]
    later = await centre.activity({"id": activity["organisation_id"]}, title="Ny aften", premises_id=merged["id"])
    assert later["premises_id"] == kept["id"]
    assert kinds(await centre.stated(activity["id"])) == [("activity.published", 2), ("activity.updated", 3)]
    [_, closed] = await centre.stated(merged["id"])
    assert (closed["time"][:10], closed["data"]["replaced_by"]) == ("2024-05-01", kept["id"])
    for each in strangers:
        await each.catch_up()
        assert each.copy == await export(centre, each.feed)
    assert strangers[0].gone[merged["id"]]["replaced_by"] == kept["id"]

    await centre.run(f"delete from activities where id = '{later['id']}'")
    undone = await centre.done(f"merges/{made['id']}/undo")

    assert undone["left"] == []
    assert await rows(centre) == before
    assert [kind for kind, _ in kinds(await centre.stated(merged["id"]))] == [
        "premises.registered", "premises.closed", "premises.registered",
    ]  # fmt: skip
    for each in strangers:
        await each.catch_up()
        assert each.copy == await export(centre, each.feed)


async def test_what_moved_on_or_closed_since_stays_and_is_told(centre: Centre) -> None:
    kept, merged, activity = await entered_twice(centre)
    third = await centre.made("premises", {"name": "Kælderen"})
    made = await merge(centre, kept, merged)
    await centre.patch(f"activities/{activity['id']}", {"premises_id": third["id"]})
    await centre.patch(f"premises/{merged['id']}", {"capacity": 60})
    await centre.done(f"organisations/{activity['organisation_id']}/close")

    undone = await centre.done(f"merges/{made['id']}/undo")

    assert [(each["what"], each["id"], each["field"]) for each in undone["left"]] == [
        ("premises", kept["id"], "capacity"),
        ("premises", merged["id"], "closed_on"),
        ("activities", activity["id"], "premises_id"),
    ]
    own = (await centre.get(f"premises/{merged['id']}")).json()
    assert (own["id"], own["closed_on"]) == (merged["id"], "2024-05-01")


async def test_a_file_that_knows_the_hall_by_its_old_name_adds_nothing(centre: Centre) -> None:
    sheet = workbook([("Beboerhuset", "5240", "Store sal")], ("Forening", "Postnr.", "Lokale"))
    more = workbook([("Beboerhuset", "5240", "Store sal", "Sang")], ("Forening", "Postnr.", "Lokale", "Aktivitet"))
    job = Adopting(centre.database)

    async def taken_in(file: bytes) -> None:
        made = (await centre.call("POST", "imports", centre.staff, content=file)).json()
        await centre.post(f"imports/{made['id']}/adopt")
        while (await centre.get(f"imports/{made['id']}", centre.staff)).json()["state"] == "adopting":
            await job.round()

    await taken_in(sheet)
    [merged] = await centre.found("premises")
    kept = await centre.made("premises", HALL)
    await merge(centre, kept, merged)
    await taken_in(more)

    assert await centre.count("premises") == 2
    [song] = await centre.found("activities")
    assert (song["title"], song["premises_id"]) == ("Sang", kept["id"])


async def test_another_address_is_another_place_and_what_is_closed_is_not_merged(centre: Centre) -> None:
    kept, merged, _ = await entered_twice(centre, address="Østergade 3")
    assert (await centre.get("duplicates/premises", centre.staff)).json()["items"] == []
    await centre.done(f"premises/{merged['id']}/close")

    refused = await centre.post("merges", {"kind": "premises", "kept_id": kept["id"], "merged_id": merged["id"]})

    assert (refused.status_code, refused.json()["type"]) == (409, "urn:kompas:problem:cannot-merge-closed")


async def test_everything_that_refers_to_premises_or_an_activity_is_moved(centre: Centre) -> None:
    async with centre.database.transaction(centre.tenant) as session:
        answer = await (await session.connection()).execute(
            text(
                "select confrelid::regclass::text, conrelid::regclass::text from pg_constraint"
                " where confrelid in ('premises'::regclass, 'activities'::regclass)"
            )
        )
        assert [tuple(row) for row in answer] == [("premises", "activities")]
