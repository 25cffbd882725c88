"""One activity described twice: found, merged, answered under both ids, and taken apart again as it was."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from services.directory.imports.job import Adopting
from tests.service.directory.centre import BROWSER, CITIZEN, NOBODY, Centre, Json, kinds
from tests.service.directory.harvester import Harvester, export
from tests.service.directory.sheets import workbook

WEEKLY = {"weekday": 1, "from": "17:00", "to": "19:00"}
MOVING = {"version", "modified_at"}


async def rows(centre: Centre) -> list[Json]:
    async with centre.database.transaction(centre.tenant) as session:
        answer = await (await session.connection()).execute(text("select to_jsonb(activities) from activities"))
        read = [{name: value for name, value in row.items() if name not in MOVING} for row in answer.scalars()]
    return sorted(read, key=lambda row: row["id"])


async def described_twice(centre: Centre, **more: Any) -> tuple[Json, Json]:
    cafe = await centre.organisation()
    kept = await centre.activity(cafe, title="Fællesspisning", description="", schedules=[WEEKLY])
    merged = await centre.activity(cafe, title="Fællesspisning i Vollsmose", schedules=[WEEKLY], price=25, **more)
    return kept, merged


async def merge(centre: Centre, kept: Json, merged: Json, **fields: str) -> Json:
    body = {"kind": "activity", "kept_id": kept["id"], "merged_id": merged["id"], "fields": fields}
    return await centre.made("merges", body)


async def pairs(centre: Centre, **query: str) -> list[set[str]]:
    answer = await centre.get("duplicates/activities", centre.staff, **query)
    assert answer.status_code == 200, answer.text
    assert answer.json()["total"] == len(answer.json()["items"])
    return [{each["id"] for each in pair["activities"]} for pair in answer.json()["items"]]


async def test_a_sheet_that_tells_of_an_activity_twice_is_put_right_and_back(centre: Centre) -> None:
    """As a citizen, a stranger's copy and the next import see it: before, merged, and taken apart again."""
    house = ("Beboerhuset", "", "5240", "Odense NØ", "beboerhuset.dk")
    sheet = workbook(
        [
            (*house, "Fællesspisning", "Mad", "Tirsdag kl. 17-19", ""),
            (*house, "Fælles spisning i huset", "Mad", "Tirsdag kl. 17-19", "25 kr."),
            (*house, "Strikkecafé", "Kreativ", "Torsdag kl. 14-16", "gratis"),
        ]
    )
    job = Adopting(centre.database)

    async def taken_in() -> dict[str, int]:
        made = (await centre.call("POST", "imports", centre.staff, content=sheet)).json()
        await centre.post(f"imports/{made['id']}/adopt")
        while (now := (await centre.get(f"imports/{made['id']}", centre.staff)).json())["state"] == "adopting":
            await job.round()
        return {outcome: count for outcome, count in now["counts"].items() if count}

    async def seen() -> list[Any]:
        """Whatever shows activities to anybody, without what every change moves."""
        found = [each["id"] for each in await centre.found("activities")]
        calendar = (await centre.get("exports/activities.ics")).text.count("BEGIN:VEVENT")
        lists = [(await centre.get(f"exports/{each}")).text.count("pisning") for each in ("list", "print", "new.atom")]
        return [sorted(found), calendar, lists, sorted(await export(centre, "activities"))]

    assert await taken_in() == {"added": 3}
    before, as_it_was = await rows(centre), await seen()
    stranger = Harvester(centre, "activities")
    await stranger.catch_up()
    first, second = (each for each in before if "pisning" in each["title"])

    assert await pairs(centre) == [{first["id"], second["id"]}]
    made = await merge(centre, first, second)
    assert await pairs(centre) == []

    assert [each["id"] for each in await centre.found("activities", q="spisning")] == [first["id"]]
    old = await centre.get(f"activities/{second['id']}")
    assert (old.json()["id"], old.json()["price"]) == (first["id"], 25)
    assert old.headers["content-location"] == f"/directory/{centre.tenant}/activities/{first['id']}"
    assert (await centre.get(f"hsds/services/{second['id']}")).json()["id"] == first["id"]
    assert "Fællesspisning" in (await centre.get(f"find/{second['id']}", BROWSER)).text
    merged = await seen()
    assert merged[0] == merged[3] == sorted(each["id"] for each in before if each != second)
    assert await taken_in() == {"unchanged": 3}
    await stranger.catch_up()
    assert stranger.gone[second["id"]]["replaced_by"] == first["id"]
    from_zero = Harvester(centre, "activities")
    await from_zero.catch_up()
    assert stranger.copy == from_zero.copy == await export(centre, "activities")

    undone = await centre.done(f"merges/{made['id']}/undo")

    assert undone["left"] == []
    assert (await rows(centre), await seen()) == (before, as_it_was)
    await stranger.catch_up()
    assert stranger.copy == await export(centre, "activities")
    assert stranger.gone == {}
    assert await taken_in() == {"unchanged": 3}
    assert await centre.count("activities") == 3


async def test_it_is_shown_what_a_merge_would_change_and_nothing_changes(centre: Centre) -> None:
    kept, merged = await described_twice(centre)
    before, facts = await rows(centre), await centre.count("outbox")
    body = {"kind": "activity", "kept_id": kept["id"], "merged_id": merged["id"], "fields": {"title": "merged"}}

    shown = await centre.done("merges/preview", body)

    assert [(each["field"], each["kept"], each["merged"], each["taken"]) for each in shown["fields"]] == [
        ("title", "Fællesspisning", "Fællesspisning i Vollsmose", "merged"),
        ("description", "", merged["description"], "merged"),
        ("price", None, 25, "merged"),
    ]
    assert (await rows(centre), await centre.count("outbox"), await centre.count("merges")) == (before, facts, 0)
    cafe, door = (
        await centre.organisation(name="Åben Dør"),
        await centre.organisation(name="Aaben Doer", cvr="13585628"),
    )
    await centre.activity(door)
    of_two = await centre.done("merges/preview", {"kept_id": cafe["id"], "merged_id": door["id"]})
    assert ([each["field"] for each in of_two["fields"]], of_two["moved"]["activities"]) == (["name", "cvr"], 1)
    assert (await centre.get(f"organisations/{door['id']}")).json()["id"] == door["id"]


async def test_one_description_is_withdrawn_once_and_published_again_on_its_day(centre: Centre) -> None:
    """So a goal that counts descriptions counts one, from the first day on, and two again when it is taken back."""
    kept, merged = await described_twice(centre)
    await centre.run(f"update activities set published_on = '2024-05-01' where id = '{merged['id']}'")

    made = await merge(centre, kept, merged)
    assert kinds(await centre.stated(merged["id"])) == [("activity.published", 2), ("activity.withdrawn", 3)]
    [*_, withdrawn] = await centre.stated(merged["id"])
    assert (withdrawn["data"]["replaced_by"], withdrawn["time"][:10]) == (kept["id"], "2024-05-01")
    assert kinds(await centre.stated(kept["id"])) == [("activity.published", 2), ("activity.updated", 3)]
    await centre.done(f"merges/{made['id']}/undo")

    [*_, again] = await centre.stated(merged["id"])
    assert (again["type"], again["time"][:10]) == ("kompas.directory.activity.published.v1", "2024-05-01")


async def test_what_was_hidden_comes_back_hidden_and_a_draft_a_draft_with_its_days(centre: Centre) -> None:
    kept, hidden = await described_twice(centre)
    draft = await centre.activity(
        {"id": kept["organisation_id"]}, published=False, publish_on="2090-01-01", expires_on="2090-02-01"
    )
    await centre.run(f"update activities set freshness = 'hidden' where id = '{hidden['id']}'")
    before = await rows(centre)

    made = [await merge(centre, kept, each) for each in (hidden, draft)]
    between = await rows(centre)
    for each in reversed(made):
        await centre.done(f"merges/{each['id']}/undo")

    assert {(each["state"], each["publish_on"]) for each in between} == {("published", None), ("withdrawn", None)}
    assert await rows(centre) == before
    assert [kind for kind, _ in kinds(await centre.stated(hidden["id"]))] == [
        "activity.published", "activity.withdrawn", "activity.published", "activity.expired",
    ]  # fmt: skip
    assert await centre.stated(draft["id"]) == []


async def test_whoever_changes_the_old_id_changes_the_kept_entry(centre: Centre) -> None:
    kept, merged = await described_twice(centre)
    other = await centre.organisation(name="En anden")
    await merge(centre, kept, merged)

    changed = await centre.patch(f"activities/{merged['id']}", {"how_to_join": "Kom bare"})
    begun = await centre.done(f"activities/{merged['id']}/changes", {"price": 30})
    refused = await centre.patch(f"activities/{merged['id']}", {"price": 1}, centre.association(other["id"]))
    twice = await centre.post(f"activities/{merged['id']}/publish")

    assert (changed.json()["id"], changed.json()["how_to_join"]) == (kept["id"], "Kom bare")
    assert begun["entry_id"] == kept["id"]
    assert refused.status_code == 403
    assert (twice.status_code, twice.json()["type"]) == (409, "urn:kompas:problem:already-published")


async def test_what_changed_since_stays_and_a_merge_under_another_is_undone_last(centre: Centre) -> None:
    kept, merged = await described_twice(centre)
    third = await centre.activity({"id": kept["organisation_id"]}, title="Spis sammen")
    inner = await merge(centre, kept, merged)
    outer = await merge(centre, third, kept)
    assert (await centre.get(f"activities/{merged['id']}")).json()["id"] == third["id"]

    refused = await centre.post(f"merges/{inner['id']}/undo")
    await centre.done(f"merges/{outer['id']}/undo")
    await centre.patch(f"activities/{kept['id']}", {"price": 40})
    undone = await centre.done(f"merges/{inner['id']}/undo")

    assert (refused.status_code, refused.json()["type"]) == (409, "urn:kompas:problem:merged-since")
    assert [(each["what"], each["id"], each["field"]) for each in undone["left"]] == [
        ("activities", kept["id"], "price")
    ]
    now = (await centre.get(f"activities/{kept['id']}")).json()
    assert (now["price"], now["description"]) == (40, "")
    listed = await centre.found("merges", centre.staff, kind="activity", entry_id=kept["id"])
    assert [each["id"] for each in listed] == [outer["id"], inner["id"]]
    assert await centre.found("merges", centre.staff, kind="organisation") == []


async def test_what_belongs_to_a_closed_organisation_is_not_published_by_an_undoing(centre: Centre) -> None:
    kept = await centre.activity(await centre.organisation(), title="Fællesspisning")
    house = await centre.organisation(name="Huset")
    merged = await centre.activity(house, title="Fællesspisning")
    made = await merge(centre, kept, merged)
    await centre.done(f"organisations/{house['id']}/close")

    undone = await centre.done(f"merges/{made['id']}/undo")

    assert [(each["id"], each["field"]) for each in undone["left"]] == [(merged["id"], "state")]
    own = (await centre.get(f"activities/{merged['id']}", centre.staff)).json()
    assert (own["id"], own["state"], own["replaced_by"]) == (merged["id"], "withdrawn", None)


@pytest.mark.parametrize("kind", ["organisation", "activity", "premises"])
async def test_of_two_who_merge_each_into_the_other_at_once_one_is_told_no(centre: Centre, kind: str) -> None:
    cafe = await centre.organisation()
    match kind:
        case "organisation":
            two = cafe, await centre.organisation(name="Café Mørk")
        case "activity":
            two = await centre.activity(cafe), await centre.activity(cafe)
        case _:
            two = tuple([await centre.made("premises", {"name": "Salen"}) for _ in range(2)])  # type: ignore[assignment]
    bodies = [{"kind": kind, "kept_id": kept["id"], "merged_id": merged["id"]} for kept, merged in (two, two[::-1])]

    answers = await asyncio.gather(*(centre.post("merges", body) for body in bodies))

    assert sorted(each.status_code for each in answers) == [201, 409]
    assert await centre.count("merges") == 1


@pytest.mark.parametrize(
    ("fault", "status"),
    [("itself", 422), ("unknown", 422), ("field", 422), ("draft", 409), ("merged", 409), ("citizen", 401)],
)
async def test_what_cannot_be_merged(centre: Centre, fault: str, status: int) -> None:
    kept, merged = await described_twice(centre)
    body: Json = {"kind": "activity", "kept_id": kept["id"], "merged_id": merged["id"]}
    count = 0
    match fault:
        case "itself":
            body["merged_id"] = kept["id"]
        case "unknown":
            body["merged_id"] = NOBODY
        case "field":
            body["fields"] = {"cvr": "merged"}
        case "draft":
            body["kept_id"] = (await centre.activity({"id": kept["organisation_id"]}, published=False))["id"]
        case "merged":
            await merge(centre, kept, merged)
            count = 1

    for door in ("merges", "merges/preview"):
        refused = await centre.post(door, body, CITIZEN if fault == "citizen" else centre.staff)
        assert refused.status_code == status, refused.text
    assert await centre.count("merges") == count


async def test_two_that_look_alike_are_told_apart_until_it_is_taken_back(centre: Centre) -> None:
    kept, merged = await described_twice(centre)
    both = {"activity_ids": [merged["id"], kept["id"]]}
    assert await pairs(centre, activity_id=kept["id"]) == [{kept["id"], merged["id"]}]

    told = await centre.post("duplicates/not-the-same", both)
    mixed = await centre.post("duplicates/not-the-same", both | {"organisation_ids": [kept["id"], merged["id"]]})

    assert (told.status_code, mixed.status_code) == (204, 422)
    assert await pairs(centre) == []
    await centre.call("DELETE", f"duplicates/not-the-same/{kept['id']}/{merged['id']}", centre.staff)
    assert await pairs(centre) == [{kept["id"], merged["id"]}]
