"""Entries that look alike, through the door."""

import pytest

from tests.service.directory.centre import CITIZEN, NOBODY, Centre, Json


async def pairs(centre: Centre, **query: str) -> list[tuple[set[str], str]]:
    answer = await centre.get("duplicates", centre.staff, **query)
    assert answer.status_code == 200, answer.text
    found: list[Json] = answer.json()["items"]
    assert answer.json()["total"] == len(found)
    return [({each["id"] for each in pair["organisations"]}, pair["why"]) for pair in found]


async def told_apart(centre: Centre, kind: str, one: Json, other: Json) -> None:
    answer = await centre.post("duplicates/not-the-same", {f"{kind}_ids": [one["id"], other["id"]]})
    assert answer.status_code == 204, answer.text


async def taken_back(centre: Centre, one: Json, other: Json) -> int:
    path = f"duplicates/not-the-same/{one['id']}/{other['id']}"
    return (await centre.call("DELETE", path, centre.staff)).status_code


async def test_what_looks_alike_is_shown_until_it_is_told_apart_or_merged(centre: Centre) -> None:
    one = await centre.organisation(name="Foreningen Åben Dør")
    other = await centre.organisation(name="Aaben Doer i Vollsmose")
    third = await centre.organisation(name="Røde Kors", locality="Bolbro")
    fourth = await centre.organisation(name="Røde  Kors!", locality="Bolbro")

    assert await pairs(centre) == [
        ({third["id"], fourth["id"]}, "name"),
        ({one["id"], other["id"]}, "similar"),
    ]
    assert await pairs(centre, organisation_id=one["id"]) == [({one["id"], other["id"]}, "similar")]

    told = await centre.post("duplicates/not-the-same", {"organisation_ids": [other["id"], one["id"]]})
    again = await centre.post("duplicates/not-the-same", {"organisation_ids": [one["id"], other["id"]]})
    await centre.made("merges", {"kept_id": third["id"], "merged_id": fourth["id"]})
    assert (told.status_code, again.status_code) == (204, 204)
    assert await pairs(centre) == []

    back = await taken_back(centre, one, other)
    assert (back, await pairs(centre)) == (204, [({one["id"], other["id"]}, "similar")])


async def test_only_two_that_are_there_can_be_told_apart(centre: Centre) -> None:
    one = (await centre.organisation())["id"]

    for ids in ([one, one], [one, NOBODY], [one]):
        refused = await centre.post("duplicates/not-the-same", {"organisation_ids": ids})
        assert refused.status_code == 422
    assert (await centre.get("duplicates", CITIZEN)).status_code == 401


async def test_what_was_told_apart_is_listed_by_name_newest_first_page_by_page(centre: Centre) -> None:
    one, other = await centre.organisation(name="Åben Dør"), await centre.organisation(name="Aaben Doer")
    halls = [await centre.made("premises", {"name": f"Sal {letter}"}) for letter in "AB"]
    meals = [await centre.activity(one, title=title) for title in ("Spis", "Spis!")]
    await told_apart(centre, "organisation", other, one)
    await told_apart(centre, "premises", *halls)
    await told_apart(centre, "activity", *meals)
    await centre.patch(f"premises/{halls[0]['id']}", {"name": "Den store sal"})
    await centre.made("merges", {"kind": "activity", "kept_id": meals[0]["id"], "merged_id": meals[1]["id"]})

    first = (await centre.get("duplicates/not-the-same", centre.staff, limit=2)).json()
    last = (await centre.get("duplicates/not-the-same", centre.staff, limit=2, cursor=first["next_cursor"])).json()

    told = [(each["kind"], [entry["name"] for entry in each["entries"]]) for each in first["items"] + last["items"]]
    assert told == [
        ("activity", ["Spis", "Spis!"]),
        ("premises", ["Den store sal", "Sal B"]),
        ("organisation", ["Åben Dør", "Aaben Doer"]),
    ]
    assert (last["items"][0]["entries"][0]["id"], last["next_cursor"]) == (one["id"], None)
    said = [each["said_at"] for each in first["items"] + last["items"]]
    assert said == sorted(said, reverse=True)


async def test_what_was_told_apart_at_one_moment_is_listed_once_each(centre: Centre) -> None:
    entries = [await centre.organisation(name=f"Åben Dør {number}") for number in range(4)]
    for other in entries[1:]:
        await told_apart(centre, "organisation", entries[0], other)
    await centre.run("update not_the_same set said_at = '2026-03-01 12:00:00.123456+01'")

    names, cursor = [], None
    for _ in entries[1:]:
        page = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        answer = (await centre.get("duplicates/not-the-same", centre.staff, **page)).json()
        names += [each["entries"][1]["name"] for each in answer["items"]]
        cursor = answer["next_cursor"]

    assert (sorted(names), cursor) == ([each["name"] for each in entries[1:]], None)


async def test_what_a_colleague_has_taken_back_cannot_be_taken_back_again(centre: Centre) -> None:
    one, other = await centre.organisation(name="Åben Dør"), await centre.organisation(name="Aaben Doer")
    await told_apart(centre, "organisation", one, other)

    answers = [await taken_back(centre, other, one), await taken_back(centre, one, other)]

    assert answers == [204, 404]
    assert await centre.found("duplicates/not-the-same", centre.staff) == []
    assert await pairs(centre) == [({one["id"], other["id"]}, "name")]


async def test_what_was_told_apart_is_for_staff_of_the_centre(centre: Centre) -> None:
    one, other = await centre.organisation(name="Åben Dør"), await centre.organisation(name="Aaben Doer")
    await told_apart(centre, "organisation", one, other)
    elsewhere = centre.neighbour()

    for who, status in ((centre.association(one["id"]), 403), (CITIZEN, 401)):
        assert (await centre.get("duplicates/not-the-same", who)).status_code == status
    assert await elsewhere.found("duplicates/not-the-same", elsewhere.staff) == []
    assert await taken_back(elsewhere, one, other) == 404
    assert len(await centre.found("duplicates/not-the-same", centre.staff)) == 1


@pytest.mark.parametrize(("field", "value"), [("cursor", "nonsense"), ("limit", "0")])
async def test_a_page_that_is_not_there_is_refused_by_its_field(centre: Centre, field: str, value: str) -> None:
    refused = await centre.get("duplicates/not-the-same", centre.staff, **{field: value})

    assert (refused.status_code, [each["field"] for each in refused.json()["errors"]]) == (422, [field])
