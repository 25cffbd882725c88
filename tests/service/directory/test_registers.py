"""Agreements, bodies, posts, funders' deadlines, and what content says in which season and language."""

from datetime import timedelta

import pytest
import time_machine

from services.directory.days import Days
from shared.clock import now, today
from tests.service.directory.centre import NOBODY, Centre, Json, fields_of, kinds

BOARD = {"kind": "board", "slug": "bestyrelse", "name": "Bestyrelsen", "established_on": "2023-01-01"}
SEASON = {"kind": "theme_page", "slug": "mental-mistrivsel", "title": "Mental mistrivsel", "body": "Om fællesskab"}


async def test_an_agreement_names_its_parties_and_place(centre: Centre) -> None:
    shop = await centre.company()
    unit = await centre.organisation(name="Sundhedsforvaltningen", kind="municipal_unit", sector="public")

    made = await centre.made(
        "agreements",
        {"kind": "cooperation", "title": "Materialer i Korsør", "party_ids": [shop["id"], unit["id"], shop["id"]],
         "locality": "Korsør", "area": "materialer", "concluded_on": "2023-02-01"},
    )  # fmt: skip
    ended = await centre.done(f"agreements/{made['id']}/end", {"ended_on": "2023-06-01"})
    again = await centre.post(f"agreements/{made['id']}/end")

    assert made["party_ids"] == [shop["id"], unit["id"]]
    assert (ended["ended_on"], again.status_code) == ("2023-06-01", 409)
    first, last = await centre.stated(made["id"])
    assert first["data"] == {
        "kind": "cooperation", "locality": "Korsør", "area": "materialer", "concluded_on": "2023-02-01",
        "partners": [
            {"organisation_id": shop["id"], "kind": "company", "sector": "private"},
            {"organisation_id": unit["id"], "kind": "municipal_unit", "sector": "public",
             "unit": "Sundhedsforvaltningen"},
        ],
    }  # fmt: skip
    assert (first["time"], last["time"]) == ("2023-02-01T11:00:00Z", "2023-06-01T10:00:00Z")
    assert last["data"] == {
        "kind": "cooperation", "locality": "Korsør", "area": "materialer", "ended_on": "2023-06-01",
    }  # fmt: skip
    assert await centre.found("agreements", centre.staff, running=True) == []
    assert await centre.found("agreements", centre.staff, organisation_id=unit["id"], locality="korsør") == [ended]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"party_ids": []}, "party_ids"),
        ({"party_ids": [NOBODY]}, "party_ids[0]"),
        ({"kind": "treaty"}, "kind"),
        ({"concluded_on": "2099-01-01"}, "concluded_on"),
        ({"concluded_on": "2023-02-01", "runs_until": "2023-02-01"}, "runs_until"),
        ({"locality": "Algade 1, 4220 Korsør"}, "locality"),
    ],
)
async def test_what_is_wrong_with_an_agreement_is_named(centre: Centre, wrong: Json, field: str) -> None:
    shop = await centre.company()

    answer = await centre.post("agreements", {"kind": "funding", "title": "x", "party_ids": [shop["id"]]} | wrong)

    assert (answer.status_code, fields_of(answer)) == (422, [field])


async def test_a_term_that_is_over_ends_the_agreement_on_its_day(centre: Centre) -> None:
    shop, ends = await centre.company(), today() + timedelta(days=5)
    made = await centre.made(
        "agreements",
        {"kind": "partnership", "title": "x", "party_ids": [shop["id"]], "runs_until": str(ends)},
    )
    days = Days(centre.database)

    with time_machine.travel(now() + timedelta(days=4), tick=False):
        await days.round()
        assert kinds(await centre.stated(made["id"])) == [("agreement.concluded", 1)]
    with time_machine.travel(now() + timedelta(days=8), tick=False):
        await days.round()
        await days.round()

    facts = await centre.stated(made["id"])
    assert kinds(facts) == [("agreement.concluded", 1), ("agreement.ended", 2)]
    assert facts[1]["data"]["ended_on"] == str(ends)


async def test_a_board_has_members_and_events_say_where_they_are_from(centre: Centre) -> None:
    board = await centre.made("bodies", BOARD)
    taken = await centre.post("bodies", BOARD)
    made = [
        await centre.made(
            "appointments",
            {"body_id": board["id"], "role": role, "name": name, "locality": place, "started_on": "2023-03-01"},
        )
        for role, name, place in (("chair", "Åse Sørensen", "Slagelse"), ("member", "Amina Østergård", "Korsør"))
    ]

    ended = await centre.done(f"appointments/{made[0]['id']}/end", {"ended_on": "2023-09-01"})
    early = await centre.post(f"appointments/{made[1]['id']}/end", {"ended_on": "2023-02-01"})
    await centre.done(f"bodies/{board['id']}/dissolve", {"dissolved_on": "2023-12-01"})

    assert (taken.status_code, taken.json()["type"]) == (409, "urn:kompas:problem:body-known")
    assert (ended["name"], ended["locality"]) == ("", "Slagelse"), "the person is forgotten, the post is not"
    assert (early.status_code, fields_of(early)) == (422, ["ended_on"])
    assert await centre.found("appointments", centre.staff, body_id=board["id"]) == []
    started, over = await centre.stated(made[1]["id"])
    said = {"role": "member", "body_slug": "bestyrelse", "body_kind": "board", "locality": "Korsør"}
    assert started["data"] == said | {"started_on": "2023-03-01"}
    assert over["data"] == said | {"ended_on": "2023-12-01"}
    assert kinds(await centre.stated(board["id"])) == [("body.established", 1), ("body.dissolved", 2)]
    refused = await centre.post("appointments", {"body_id": board["id"], "role": "chair", "name": "x"})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:kompas:problem:body-dissolved")
    assert (await centre.post("bodies", BOARD)).status_code == 201, "the name is free again"


async def test_ambassadors_and_anchor_persons_stand_alone_and_others_do_not(centre: Centre) -> None:
    board = await centre.made("bodies", BOARD)
    anchor = {"role": "anchor_person", "name": "Åse", "locality": "Skælskør"}

    made = await centre.made("appointments", anchor)
    seated = await centre.post("appointments", anchor | {"body_id": board["id"]})
    unseated = await centre.post("appointments", anchor | {"role": "treasurer"})
    too_early = await centre.post(
        "appointments", {"role": "chair", "name": "x", "body_id": board["id"], "started_on": "2022-01-01"}
    )

    found = await centre.found("appointments", centre.staff, role="anchor_person", locality="skælskør")
    assert found == [made]
    assert [fields_of(each) for each in (seated, unseated)] == [["body_id"], ["body_id"]]
    assert fields_of(too_early) == ["started_on"]


async def test_funders_have_deadlines_that_associations_read(centre: Centre) -> None:
    cafe = await centre.organisation()
    fund = await centre.organisation(name="Puljen", kind="funder", sector="public")
    body = {"organisation_id": fund["id"], "title": "§18-midler", "due_on": "2027-10-01"}

    made = await centre.made("funding-deadlines", body)
    wrong = await centre.post("funding-deadlines", body | {"organisation_id": cafe["id"]})
    moved = await centre.patch(f"funding-deadlines/{made['id']}", {"due_on": "2027-11-01"})
    own = centre.association(cafe["id"])
    found = await centre.found("funding-deadlines", own, **{"from": "2027-10-15", "to": "2027-12-01"})
    gone = await centre.call("DELETE", f"funding-deadlines/{made['id']}", centre.staff)

    assert (wrong.status_code, fields_of(wrong)) == (422, ["organisation_id"])
    assert found == [moved.json()]
    assert (gone.status_code, await centre.found("funding-deadlines", own)) == (204, [])


async def test_a_theme_page_stands_on_the_front_page_while_its_season_lasts(centre: Centre) -> None:
    page = await centre.made(
        "content",
        SEASON | {"front_from": str(today()), "front_to": str(today() + timedelta(days=30)),
                  "translations": {"en": {"title": "Mental health"}}},
    )  # fmt: skip
    await centre.done(f"content/{page['id']}/publish")

    assert [each["id"] for each in await centre.found("content", front=True)] == [page["id"]]
    assert page["translations"] == {"en": {"title": "Mental health"}}
    with time_machine.travel(now() + timedelta(days=31), tick=False):
        assert await centre.found("content", front=True) == []
    half = await centre.patch(f"content/{page['id']}", {"front_to": None})
    backwards = await centre.patch(f"content/{page['id']}", {"front_to": "2020-01-01"})
    assert (fields_of(half), fields_of(backwards)) == (["front_to"], ["front_to"])


async def test_the_catalogue_of_barriers_is_searched_and_its_versions_come_back(centre: Centre) -> None:
    page = await centre.made(
        "content", {"kind": "barrier", "slug": "transport", "title": "Jeg kan ikke komme derhen", "body": "Samkørsel"}
    )
    path = f"content/{page['id']}"
    await centre.done(f"{path}/publish")
    await centre.patch(path, {"body": "Samkørsel eller en følgeven"})

    found = await centre.found("content", kind="barrier", q="FØLGEVEN komme")
    versions = (await centre.get(f"{path}/versions", centre.staff)).json()["items"]
    back = (await centre.post(f"{path}/restore", {"version": 1})).json()

    assert [each["slug"] for each in found] == ["transport"]
    assert [each["field"] for each in versions[0]["changed"]] == ["body"]
    assert (back["body"], back["state"], back["version"]) == ("Samkørsel", "published", 4)
    assert (await centre.get(f"{path}/versions")).status_code == 401
