"""Organisations through the door: registered, found, corrected, closed."""

import asyncio
from typing import Any

import pytest
import time_machine

from tests.service.directory.centre import CAFE, PLAIN_ORGANISATION, Centre, fields_of, kinds

CVR = "13585628"


async def test_a_registered_organisation_can_be_read_by_everybody(centre: Centre) -> None:
    answer = await centre.post("organisations", CAFE | {"cvr": "DK 13 58 56 28"})

    assert answer.status_code == 201
    made = answer.json()
    assert made == CAFE | PLAIN_ORGANISATION | {"cvr": CVR, "id": made["id"], "version": 1, "closed_on": None}
    assert answer.headers["etag"] == '"1"'
    read = await centre.client.get(answer.headers["location"])
    assert (read.status_code, read.json(), read.headers["etag"]) == (200, made, '"1"')
    assert kinds(await centre.stated(made["id"])) == [("organisation.registered", 1)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "   "),
        ("name", "x" * 121),
        ("name", "Ny\x00navn"),
        ("name", "to\nlinjer"),
        ("name", 7),
        ("name", None),
        ("kind", "klub"),
        ("kind", None),
        ("sector", "civil"),
        ("locality", "Vollsmose Allé 10, 5240 Odense NØ"),
        ("locality", "x" * 61),
        ("cvr", "12345678"),
        ("cvr", "1234"),
        ("cvr", ""),
        ("cvr", 13585628),
        ("chairman", "Åse"),
    ],
)
async def test_what_is_wrong_is_named(centre: Centre, field: str, value: Any) -> None:
    answer = await centre.post("organisations", CAFE | {field: value})

    assert (answer.status_code, fields_of(answer)) == (422, [field])
    assert await centre.count("outbox") == 0


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b"null", b'{"name": "\xff"}'])
async def test_a_body_that_is_no_object_is_told_so(centre: Centre, body: bytes) -> None:
    answer = await centre.call("POST", "organisations", centre.staff, content=body)

    assert answer.status_code == 422


async def test_letters_that_look_alike_are_stored_alike(centre: Centre) -> None:
    made = await centre.organisation(name="Børnenes Hus på Å")

    assert made["name"] == "Børnenes Hus på Å"
    assert [each["id"] for each in await centre.found("organisations", q="å")] == [made["id"]]


async def test_a_cvr_number_belongs_to_one_open_organisation_of_a_centre(centre: Centre) -> None:
    first = await centre.organisation(cvr=CVR)

    second = await centre.post("organisations", CAFE | {"cvr": CVR})
    elsewhere = await centre.neighbour().post("organisations", CAFE | {"cvr": CVR})
    await centre.done(f"organisations/{first['id']}/close")
    again = await centre.post("organisations", CAFE | {"cvr": CVR})

    assert (second.status_code, second.json()["type"]) == (409, "urn:kompas:problem:cvr-taken")
    assert elsewhere.status_code == 201
    assert again.status_code == 201


async def test_the_list_is_filtered_and_paged(centre: Centre) -> None:
    cafe = await centre.organisation()
    firm = await centre.company(locality="Bolbro")
    school = await centre.organisation(name="100%_skolen", kind="school", sector="public", locality=None)

    async def ids(**query: Any) -> list[str]:
        return [each["id"] for each in await centre.found("organisations", **query)]

    assert await ids() == [cafe["id"], firm["id"], school["id"]]
    assert await ids(kind="company") == [firm["id"]]
    assert await ids(sector="voluntary") == [cafe["id"]]
    assert await ids(locality="vollsmose") == [cafe["id"]]
    assert await ids(q="sørensen TØMRER") == [firm["id"]]
    assert await ids(q="%") == await ids(q="_") == [school["id"]]
    assert await ids(q="nobody") == []
    first = (await centre.get("organisations", limit=2)).json()
    rest = (await centre.get("organisations", limit=2, cursor=first["next_cursor"])).json()
    assert [each["id"] for each in first["items"] + rest["items"]] == [cafe["id"], firm["id"], school["id"]]
    assert rest["next_cursor"] is None
    for query in ({"limit": 0}, {"limit": 201}, {"cursor": "?"}, {"kind": "klub"}, {"q": "x" * 201}):
        refused = await centre.get("organisations", **query)
        assert (refused.status_code, fields_of(refused)) == (422, list(query))


async def test_a_correction_states_how_it_is_now(centre: Centre) -> None:
    made = await centre.organisation()

    answer = await centre.patch(f"organisations/{made['id']}", {"locality": None, "name": "Café Æblet"})

    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    assert answer.json() == made | {"locality": None, "name": "Café Æblet", "version": 2}
    facts = await centre.stated(made["id"])
    assert kinds(facts) == [("organisation.registered", 1), ("organisation.updated", 2)]
    assert facts[1]["data"] == {"kind": "association", "sector": "voluntary"}


async def test_a_correction_that_changes_nothing_is_no_fact(centre: Centre) -> None:
    made = await centre.organisation()

    answers = [await centre.patch(f"organisations/{made['id']}", body) for body in ({}, {"name": made["name"]})]

    assert [answer.json() for answer in answers] == [made, made]
    assert len(await centre.stated(made["id"])) == 1


async def test_a_correction_of_another_version_is_refused(centre: Centre) -> None:
    path = f"organisations/{(await centre.organisation())['id']}"
    await centre.patch(path, {"name": "Én"})

    stale = await centre.patch(path, {"name": "To"}, **{"if-match": '"1"'})
    fresh = await centre.patch(path, {"name": "To"}, **{"if-match": '"2"'})

    assert (stale.status_code, stale.json()["type"]) == (412, "urn:kompas:problem:stale-version")
    assert (fresh.status_code, fresh.json()["name"]) == (200, "To")


@pytest.mark.parametrize("field", ["name", "kind", "sector"])
async def test_what_must_be_there_cannot_be_taken_away(centre: Centre, field: str) -> None:
    made = await centre.organisation()

    answer = await centre.patch(f"organisations/{made['id']}", {field: None})

    assert (answer.status_code, fields_of(answer)) == (422, [field])


async def test_a_company_friend_stays_a_company(centre: Centre) -> None:
    firm = await centre.company()
    friendship = await centre.made("memberships", {"organisation_id": firm["id"], "kind": "company_friend"})

    refused = await centre.patch(f"organisations/{firm['id']}", {"kind": "association"})
    await centre.done(f"memberships/{friendship['id']}/end")
    accepted = await centre.patch(f"organisations/{firm['id']}", {"kind": "association"})

    assert (refused.status_code, refused.json()["type"]) == (409, "urn:kompas:problem:has-friendship")
    assert accepted.status_code == 200


@time_machine.travel("2026-06-15T10:00:00Z", tick=False)
async def test_closing_ends_what_the_organisation_was_part_of(centre: Centre) -> None:
    cafe = await centre.organisation()
    membership = await centre.made(
        "memberships", {"organisation_id": cafe["id"], "kind": "member", "started_on": "2026-05-20"}
    )
    activity = await centre.activity(cafe)
    draft = await centre.activity(cafe, published=False)

    closed = await centre.done(f"organisations/{cafe['id']}/close", {"closed_on": "2026-05-01"})

    assert (closed["closed_on"], closed["version"]) == ("2026-05-01", 2)
    ended, withdrawn, facts = [
        (await centre.stated(subject))[-1] for subject in (membership["id"], activity["id"], cafe["id"])
    ]
    assert (ended["data"]["ended_on"], ended["time"]) == ("2026-05-20", "2026-05-20T10:00:00Z")  # Not before it began.
    assert (withdrawn["type"], withdrawn["time"]) == (
        "kompas.directory.activity.withdrawn.v1", "2026-06-15T10:00:00Z",
    )  # fmt: skip
    assert (facts["time"], facts["data"]) == ("2026-05-01T10:00:00Z", {"kind": "association", "sector": "voluntary"})
    assert await centre.found("organisations") == []
    assert [each["id"] for each in await centre.found("organisations", closed=True)] == [cafe["id"]]
    for path, body in (
        (f"organisations/{cafe['id']}/close", None),
        (f"activities/{draft['id']}/publish", None),
        ("memberships", {"organisation_id": cafe["id"], "kind": "member"}),
        ("activities", {"organisation_id": cafe["id"], "title": "x"}),
    ):
        refused = await centre.post(path, body)
        assert (refused.status_code, refused.json()["type"]) == (409, "urn:kompas:problem:organisation-closed")


async def test_nothing_begins_in_an_organisation_while_it_closes(centre: Centre) -> None:
    for _ in range(5):
        cafe = await centre.organisation()
        drafts = [await centre.activity(cafe, published=False) for _ in range(3)]

        answers = await asyncio.gather(
            *(centre.post(f"activities/{draft['id']}/publish") for draft in drafts),
            centre.post(f"organisations/{cafe['id']}/close"),
            centre.post("memberships", {"organisation_id": cafe["id"], "kind": "member"}),
            *(centre.patch(f"activities/{draft['id']}", {"title": "Ny"}) for draft in drafts),
        )

        assert {answer.status_code for answer in answers} <= {200, 201, 409}
        assert await centre.found("activities", organisation_id=cafe["id"]) == []
        assert await centre.found("memberships", centre.staff, organisation_id=cafe["id"], open=True) == []
        for draft in drafts:
            facts = [(each["type"].split(".")[3], each["sequence"]) for each in await centre.stated(draft["id"])]
            assert [sequence for _, sequence in facts] == sorted({sequence for _, sequence in facts})
            assert [what for what, _ in facts if what != "updated"] in ([], ["published", "withdrawn"])
