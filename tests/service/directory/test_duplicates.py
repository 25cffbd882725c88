"""Entries that look alike, through the door."""

from tests.service.directory.centre import CITIZEN, NOBODY, Centre, Json


async def pairs(centre: Centre, **query: str) -> list[tuple[set[str], str]]:
    answer = await centre.get("duplicates", centre.staff, **query)
    assert answer.status_code == 200, answer.text
    found: list[Json] = answer.json()["items"]
    assert answer.json()["total"] == len(found)
    return [({each["id"] for each in pair["organisations"]}, pair["why"]) for pair in found]


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

    await centre.call("DELETE", f"duplicates/not-the-same/{one['id']}/{other['id']}", centre.staff)
    assert await pairs(centre) == [({one["id"], other["id"]}, "similar")]


async def test_only_two_that_are_there_can_be_told_apart(centre: Centre) -> None:
    one = (await centre.organisation())["id"]

    for ids in ([one, one], [one, NOBODY], [one]):
        refused = await centre.post("duplicates/not-the-same", {"organisation_ids": ids})
        assert refused.status_code == 422
    assert (await centre.get("duplicates", CITIZEN)).status_code == 401
