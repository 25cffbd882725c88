"""Two entries of one organisation: merged, answered under both ids, and taken apart again as they were."""

from typing import Any

import pytest
from sqlalchemy import text

from services.directory.merges.repository import BELONGINGS, PARTNERSHIPS
from tests.service.directory.centre import CITIZEN, NOBODY, Centre, Json, kinds

DOOR = {"name": "Foreningen Åben Dør", "cvr": "13585628", "website": "https://aabendoer.dk", "locality": None}
TABLES = ("organisations", "memberships", "activities", "premises", "contact_roles", "initiative_partners")
# What every change moves, merging and undoing included.
MOVING = {"version", "modified_at"}


async def rows(centre: Centre) -> dict[str, list[Json]]:
    """Everything that merging touches, as the database has it."""
    found = {}
    async with centre.database.transaction(centre.tenant) as session:
        for table in TABLES:
            answer = await (await session.connection()).execute(text(f"select to_jsonb({table}) from {table}"))
            read = [{k: v for k, v in row.items() if k not in MOVING} for row in answer.scalars()]
            found[table] = sorted(read, key=str)
    return found


async def two_of_one(centre: Centre) -> tuple[Json, Json]:
    kept = await centre.organisation(name="Åben Dør", locality="Vollsmose")
    merged = await centre.organisation(**DOOR)
    return kept, merged


async def merge(centre: Centre, kept: Json, merged: Json, **fields: str) -> Json:
    return await centre.made("merges", {"kept_id": kept["id"], "merged_id": merged["id"], "fields": fields})


async def test_the_kept_entry_stands_for_both_and_gaps_are_filled(centre: Centre) -> None:
    kept, merged = await two_of_one(centre)

    made = await merge(centre, kept, merged, name="merged")

    assert {each["field"]: each["after"] for each in made["fields"]} == {
        "name": DOOR["name"], "cvr": DOOR["cvr"], "website": DOOR["website"],
    }  # fmt: skip
    now = (await centre.get(f"organisations/{kept['id']}")).json()
    assert (now["name"], now["cvr"], now["locality"]) == (DOOR["name"], DOOR["cvr"], "Vollsmose")
    assert [each["id"] for each in await centre.found("organisations")] == [kept["id"]]
    assert kinds(await centre.stated(merged["id"])) == [
        ("organisation.registered", 1), ("organisation.closed", 2), ("organisation.merged", 3),
    ]  # fmt: skip
    told = (await centre.stated(merged["id"]))[-1]
    assert told["data"] == {"merged_into": kept["id"]}
    assert kinds(await centre.stated(kept["id"])) == [("organisation.registered", 1), ("organisation.updated", 2)]


async def test_an_old_id_answers_with_the_new_entry_everywhere(centre: Centre) -> None:
    kept, merged = await two_of_one(centre)
    activity = await centre.activity(merged)
    await merge(centre, kept, merged)

    old = await centre.get(f"organisations/{merged['id']}")
    new = await centre.get(f"organisations/{kept['id']}")

    assert (old.status_code, old.json()) == (200, new.json())
    assert old.headers["content-location"] == f"/directory/{centre.tenant}/organisations/{kept['id']}"
    assert "content-location" not in new.headers
    for id in (kept["id"], merged["id"]):
        assert [each["id"] for each in await centre.found("activities", organisation_id=id)] == [activity["id"]]
    later = await centre.activity(merged, title="Ny aften")
    assert later["organisation_id"] == kept["id"]
    assert kinds(await centre.stated(activity["id"])) == [("activity.published", 2), ("activity.updated", 3)]


async def test_an_id_that_was_merged_twice_answers_with_the_last_entry(centre: Centre) -> None:
    first, second = await two_of_one(centre)
    third = await centre.organisation(name="Åben Dørs Venner")
    await merge(centre, second, first)
    await merge(centre, third, second)

    assert (await centre.get(f"organisations/{first['id']}")).json()["id"] == third["id"]


async def test_what_is_entered_under_an_old_id_belongs_to_the_new_entry(centre: Centre) -> None:
    kept, merged = await two_of_one(centre)
    await merge(centre, kept, merged)
    old, both = {"organisation_id": merged["id"]}, {"partner_ids": [merged["id"], kept["id"]]}

    room = await centre.made("premises", old | {"name": "Salen"})
    membership = await centre.made("memberships", old | {"kind": "member"})
    initiative = await centre.made("initiatives", both | {"title": "Sammen"})
    contact = {"role": "chair", "name": "Inger Holm", "email": "inger@example.org"}
    await centre.made(f"organisations/{merged['id']}/contacts", contact)

    assert room["organisation_id"] == membership["organisation_id"] == kept["id"]
    assert initiative["partner_ids"] == [kept["id"]]
    for id in (kept["id"], merged["id"]):
        for noun in ("premises", "memberships", "initiatives"):
            assert len(await centre.found(noun, centre.staff, organisation_id=id)) == 1, noun
        assert "Inger" in (await centre.get(f"organisations/{id}/contacts", centre.staff)).text


async def test_undoing_restores_everything(centre: Centre) -> None:
    kept, merged = await two_of_one(centre)
    for owner, day in ((kept, "2024-03-01"), (merged, "2023-02-01")):
        await centre.made("memberships", {"organisation_id": owner["id"], "kind": "member", "started_on": day})
        await centre.activity(owner)
        await centre.activity(owner, published=False)
        await centre.made("premises", {"organisation_id": owner["id"], "name": "Salen"})
    supporter = {"organisation_id": merged["id"], "kind": "supporter", "started_on": "2024-01-01"}
    await centre.made("memberships", supporter)
    for partners in ((kept, merged), (merged,)):
        ids = [each["id"] for each in partners]
        await centre.made("initiatives", {"title": "Sammen", "partner_ids": ids})
    contact = {"role": "chair", "name": "Inger Holm", "email": "inger@example.org"}
    await centre.made(f"organisations/{merged['id']}/contacts", contact)
    before = await rows(centre)

    made = await merge(centre, kept, merged, name="merged")
    between = await rows(centre)
    undone = await centre.done(f"merges/{made['id']}/undo")

    assert {noun: count for noun, count in made["moved"].items() if count} == {
        "memberships": 2, "activities": 2, "premises": 1, "contact_roles": 1, "initiative_partners": 2,
    }  # fmt: skip
    open_ones = [each for each in between["memberships"] if each["ended_on"] is None]
    # The organisation has been a member since the earlier day.
    assert [(each["kind"], each["started_on"]) for each in open_ones if each["kind"] == "member"] == [
        ("member", "2023-02-01")
    ]
    assert {each["organisation_id"] for each in open_ones} == {kept["id"]}
    assert await rows(centre) == before
    assert undone["left"] == []
    assert undone["undone_at"] is not None
    old = await centre.get(f"organisations/{merged['id']}")
    assert (old.json()["id"], "content-location" in old.headers) == (merged["id"], False)
    assert [kind for kind, _ in kinds(await centre.stated(merged["id"]))][-2:] == [
        "organisation.unmerged", "organisation.registered",
    ]  # fmt: skip
    [again] = made["ended_memberships"]
    assert [kind for kind, _ in kinds(await centre.stated(again))] == [
        "membership.started", "membership.ended", "membership.started",
    ]  # fmt: skip
    twice = await centre.post(f"merges/{made['id']}/undo")
    assert (twice.status_code, twice.json()["type"]) == (409, "urn:kompas:problem:already-undone")


async def test_what_changed_since_stays_and_is_told(centre: Centre) -> None:
    kept, merged = await two_of_one(centre)
    third = await centre.organisation(name="En helt anden")
    activity = await centre.activity(merged)
    made = await merge(centre, kept, merged)
    await centre.patch(f"organisations/{kept['id']}", {"website": "https://nyt.dk"})
    await centre.run(f"update activities set organisation_id = '{third['id']}' where id = '{activity['id']}'")

    undone = await centre.done(f"merges/{made['id']}/undo")

    left = [(each["what"], each["id"], each["field"]) for each in undone["left"]]
    assert left == [("organisations", kept["id"], "website"), ("activities", activity["id"], None)]
    now = (await centre.get(f"organisations/{kept['id']}")).json()
    assert (now["website"], now["cvr"]) == ("https://nyt.dk", None)
    assert (await centre.get(f"organisations/{merged['id']}")).json()["website"] == DOOR["website"]


async def test_a_merge_under_another_merge_is_undone_last(centre: Centre) -> None:
    first, second = await two_of_one(centre)
    third = await centre.organisation(name="Åben Dørs Venner")
    inner = await merge(centre, second, first)
    outer = await merge(centre, third, second)

    refused = await centre.post(f"merges/{inner['id']}/undo")
    await centre.done(f"merges/{outer['id']}/undo")
    await centre.done(f"merges/{inner['id']}/undo")

    assert (refused.status_code, refused.json()["type"]) == (409, "urn:kompas:problem:merged-since")
    for each in (first, second, third):
        assert (await centre.get(f"organisations/{each['id']}")).json()["name"] == each["name"]
    listed = await centre.found("merges", centre.staff, organisation_id=second["id"])
    assert [each["id"] for each in listed] == [outer["id"], inner["id"]]


@pytest.mark.parametrize(
    ("fault", "status"), [("itself", 422), ("unknown", 422), ("closed", 409), ("friend", 409), ("citizen", 401)]
)
async def test_what_cannot_be_merged(centre: Centre, fault: str, status: int) -> None:
    kept, merged = await two_of_one(centre)
    body: dict[str, Any] = {"kept_id": kept["id"], "merged_id": merged["id"]}
    who = CITIZEN if fault == "citizen" else centre.staff
    match fault:
        case "itself":
            body["merged_id"] = kept["id"]
        case "unknown":
            body["merged_id"] = NOBODY
        case "closed":
            await centre.done(f"organisations/{merged['id']}/close")
        case "friend":
            firm = await centre.company()
            await centre.made("memberships", {"organisation_id": firm["id"], "kind": "company_friend"})
            body["merged_id"] = firm["id"]

    refused = await centre.post("merges", body, who)

    assert refused.status_code == status, refused.text
    assert await centre.count("merges") == 0
    assert await centre.count("organisations where replaced_by is not null") == 0


async def test_everything_that_refers_to_an_organisation_is_moved(centre: Centre) -> None:
    async with centre.database.transaction(centre.tenant) as session:
        answer = await (await session.connection()).execute(
            text(
                "select distinct conrelid::regclass::text from pg_constraint"
                " where confrelid = 'organisations'::regclass"
            )
        )
        referring = set(answer.scalars())

    # A new one is added to BELONGINGS (it has an id, a version and an organisation_id), or handled beside it.
    assert referring - {"merges", "not_the_same"} == ({*BELONGINGS} - {"changes"}) | PARTNERSHIPS.keys()
