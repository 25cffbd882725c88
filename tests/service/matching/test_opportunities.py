"""Looking for volunteers, and stopping."""

from typing import Any
from uuid import uuid4

import pytest

from tests.service.matching.centre import CITIZEN, SEEKING, Centre, fields_of

OURS, THEIRS = str(uuid4()), str(uuid4())


async def test_what_an_association_posts_everybody_reads_until_it_is_closed(centre: Centre) -> None:
    posted = await centre.post("opportunities", centre.association(OURS), SEEKING | {"organisation_id": OURS})
    open_ones = await centre.get("opportunities")
    closed = await centre.post(f"opportunities/{posted.json()['id']}/close", centre.association(OURS))
    twice = await centre.post(f"opportunities/{posted.json()['id']}/close", centre.association(OURS))

    assert (posted.status_code, posted.headers["etag"], posted.json()["state"]) == (201, '"1"', "open")
    assert [each["title"] for each in open_ones.json()["items"]] == ["Besøgsven på Åhaven ☕"]
    assert (closed.status_code, closed.headers["etag"], closed.json()["state"]) == (200, '"2"', "closed")
    assert (twice.status_code, twice.json()["type"]) == (409, "urn:kompas:problem:already-closed")
    assert (await centre.get("opportunities")).json()["items"] == []
    assert (await centre.get(f"opportunities/{posted.json()['id']}")).json()["state"] == "closed"


async def test_both_are_facts_without_the_words_of_the_notice(centre: Centre) -> None:
    made = await centre.opportunity(organisation_id=OURS, locality="Bolbro")
    await centre.post(f"opportunities/{made['id']}/close", centre.staff)

    posted, closed = await centre.stated(made["id"])

    assert (posted["type"], posted["sequence"]) == ("kompas.matching.opportunity.posted.v1", 1)
    assert posted["data"] == {"organisation_id": OURS, "kind": "job", "skills": ["bogføring"], "locality": "Bolbro"}
    assert (closed["type"], closed["sequence"]) == ("kompas.matching.opportunity.closed.v1", 2)
    assert closed["data"] == {"organisation_id": OURS, "kind": "job"}


async def test_an_association_speaks_for_itself_only(centre: Centre, neighbour: Centre) -> None:
    theirs = await centre.opportunity(organisation_id=THEIRS)
    body = SEEKING | {"organisation_id": THEIRS}

    assert (await centre.post("opportunities", centre.association(OURS), body)).status_code == 403
    assert (await centre.post(f"opportunities/{theirs['id']}/close", centre.association(OURS))).status_code == 403
    assert (await centre.post("opportunities", CITIZEN, body)).status_code == 401
    assert (await centre.post("opportunities", neighbour.staff, body)).status_code == 404
    assert (await neighbour.post(f"opportunities/{theirs['id']}/close", neighbour.staff)).status_code == 404
    assert (await neighbour.get(f"opportunities/{theirs['id']}")).status_code == 404


async def test_the_list_can_be_narrowed_and_the_newest_comes_first(centre: Centre) -> None:
    first = await centre.opportunity(organisation_id=OURS, locality="Bolbro")
    second = await centre.opportunity(organisation_id=THEIRS, kind="board", skills=["ledelse"])

    async def found(**query: Any) -> list[str]:
        return [each["id"] for each in (await centre.get("opportunities", **query)).json()["items"]]

    assert await found() == [second["id"], first["id"]]
    assert await found(kind="job") == await found(locality="bolbro") == await found(skill="bogføring") == [first["id"]]
    assert await found(organisation_id=THEIRS) == [second["id"]]
    page = (await centre.get("opportunities", limit=1)).json()
    assert await found(limit=1, cursor=page["next_cursor"]) == [first["id"]]
    await centre.post(f"opportunities/{first['id']}/close", centre.staff)
    assert await found(closed=True) == [second["id"], first["id"]]


async def test_a_close_made_on_an_old_version_is_refused(centre: Centre) -> None:
    made = await centre.opportunity()

    stale = await centre.post(f"opportunities/{made['id']}/close", centre.staff, None, **{"if-match": '"7"'})

    assert stale.status_code == 412


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"kind": "favour"}, ["kind"]),
        ({"organisation_id": "os"}, ["organisation_id"]),
        ({"title": ""}, ["title"]),
        ({"title": "x" * 201}, ["title"]),
        ({"title": "to\nlinjer"}, ["title"]),
        ({"description": "x" * 5001}, ["description"]),
        ({"skills": "alt"}, ["skills"]),
        ({"skills": ["regn!skab"]}, ["skills[0]"]),
    ],
    ids=str,
)
async def test_what_is_wrong_is_named(centre: Centre, change: dict[str, Any], fields: list[str]) -> None:
    body = SEEKING | {"organisation_id": OURS} | change

    assert fields_of(await centre.post("opportunities", centre.staff, body)) == fields
