"""Premises, localities and contact roles through the door."""

from typing import Any

import pytest
from sqlalchemy import text

from tests.service.directory.centre import CITIZEN, MEAL, NOBODY, Centre, Json, fields_of, kinds

HALL = {
    "name": "Beboerhuset", "address": "Vollsmose Allé 10", "postcode": "5240", "locality": "Vollsmose", "capacity": 80,
    "accessibility": ["step_free", "hearing_loop"], "latitude": 55.41, "longitude": 10.43,
}  # fmt: skip
AASE = {"role": "editor", "name": "Åse Sørensen", "email": "aase@example.dk", "phone": "20 12 34 56"}


async def test_an_association_shows_its_premises_and_everybody_finds_them(centre: Centre) -> None:
    cafe = await centre.organisation()

    answer = await centre.post("premises", HALL | {"organisation_id": cafe["id"]}, centre.association(cafe["id"]))

    assert answer.status_code == 201
    made = answer.json()
    assert made["accessibility"] == ["hearing_loop", "step_free"]
    for query in ({"postcode": "5240"}, {"locality": "vollsmose"}, {"accessibility": ["step_free", "hearing_loop"]}):
        assert await centre.found("premises", **query) == [made]
    assert await centre.found("premises", accessibility="guide_dog") == []
    (fact,) = await centre.stated(made["id"])
    assert fact["data"] == {
        "registered_on": made["registered_on"],
        "organisation_id": cafe["id"], "publisher_kind": "association", "publisher_sector": "voluntary",
        "locality": "Vollsmose",
    }  # fmt: skip


async def test_premises_close_alone_or_with_their_organisation(centre: Centre) -> None:
    cafe = await centre.organisation()
    first = await centre.made("premises", HALL | {"organisation_id": cafe["id"]})
    second = await centre.made("premises", HALL | {"organisation_id": cafe["id"]})
    own = await centre.made("premises", HALL)

    await centre.done(f"premises/{first['id']}/close")
    again = await centre.post(f"premises/{first['id']}/close")
    await centre.done(f"organisations/{cafe['id']}/close")

    assert (again.status_code, again.json()["type"]) == (409, "urn:kompas:problem:premises-closed")
    assert await centre.found("premises") == [own]
    for each in (first, second):
        assert kinds(await centre.stated(each["id"])) == [("premises.registered", 1), ("premises.closed", 2)]


async def test_nobody_changes_the_premises_of_others(centre: Centre) -> None:
    cafe, choir = await centre.organisation(), await centre.organisation(name="Koret")
    hall = await centre.made("premises", HALL | {"organisation_id": cafe["id"]})
    others = centre.association(choir["id"])

    refused = [
        await centre.post("premises", HALL | {"organisation_id": cafe["id"]}, others),
        await centre.post("premises", HALL, others),
        await centre.patch(f"premises/{hall['id']}", {"name": "Vores"}, others),
        await centre.post(f"premises/{hall['id']}/close", None, others),
    ]
    own = await centre.patch(f"premises/{hall['id']}", {"name": "Salen"}, centre.association(cafe["id"]))

    assert [answer.status_code for answer in refused] == [403] * 4
    assert (own.status_code, own.json()["name"], own.json()["version"]) == (200, "Salen", 2)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"postcode": "12"}, "postcode"),
        ({"postcode": "0000"}, "postcode"),
        ({"capacity": 0}, "capacity"),
        ({"accessibility": ["lift"]}, "accessibility[0]"),
        ({"latitude": 0}, "latitude"),
        ({"longitude": 200}, "longitude"),
        ({"organisation_id": NOBODY}, "organisation_id"),
        ({"translations": {"dansk": {"name": "Hall"}}}, "translations.dansk.[key]"),
        ({"translations": {"en": {"title": "Hall"}}}, "translations.en.title"),
    ],
)
async def test_what_is_wrong_with_premises_is_named(centre: Centre, wrong: Json, field: str) -> None:
    answer = await centre.post("premises", HALL | wrong)

    assert (answer.status_code, fields_of(answer)) == (422, [field])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"price": -1}, "price"),
        ({"price": 1.5}, "price"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"website": "https://user@evil.dk"}, "website"),
        ({"website": "forening.dk"}, "website"),
        ({"form": "hybrid"}, "form"),
        ({"premises_id": NOBODY}, "premises_id"),
        ({"publish_on": "2020-01-01"}, "publish_on"),
        ({"expires_on": "2020-01-01"}, "expires_on"),
        ({"publish_on": "2099-02-01", "expires_on": "2099-01-01"}, "expires_on"),
        ({"schedules": [{"weekday": 7, "from": "17:00", "to": "19:00"}]}, "schedules[0].weekday"),
        ({"schedules": [{"weekday": 1, "from": "25:00", "to": "19:00"}]}, "schedules[0].from"),
        ({"schedules": [{"from": "17:00", "to": "19:00"}]}, "schedules[0]"),
        ({"schedules": [{"weekday": 1, "from": "17:00", "to": "17:00"}]}, "schedules[0]"),
        ({"schedules": [{"weekday": 1, "from": "17:00", "to": "18:00", "every": "two_weeks"}]}, "schedules[0]"),
        ({"schedules": [{"date": "2026-12-24", "from": "17:00", "to": "18:00", "every": "week"}]}, "schedules[0]"),
    ],
)
async def test_what_is_wrong_with_the_details_of_an_activity_is_named(centre: Centre, wrong: Json, field: str) -> None:
    cafe = await centre.organisation()

    answer = await centre.post("activities", MEAL | {"organisation_id": cafe["id"]} | wrong)

    assert (answer.status_code, fields_of(answer)) == (422, [field])


async def test_an_activity_says_when_where_and_for_whom(centre: Centre) -> None:
    cafe = await centre.organisation()
    hall = await centre.made("premises", HALL | {"organisation_id": cafe["id"]})
    details = {
        "form": "both", "price": 0, "accessibility": ["step_free"], "how_to_join": "Kom forbi",
        "website": "https://café.example.dk/spis", "companion_welcome": True, "volunteers_wanted": True,
        "premises_id": hall["id"], "address": "Vollsmose Allé 10", "postcode": "5240", "latitude": 55.41,
        "longitude": 10.43, "publish_on": "2099-01-01", "expires_on": "2099-06-01",
        "translations": {"en": {"title": "Eat together"}},
    }  # fmt: skip

    made = await centre.activity(
        cafe,
        published=False,
        **details,
        schedules=[
            {"weekday": 1, "from": "17:00", "to": "20:00"},
            {"date": "2026-12-24", "from": "12:00", "to": "15:00"},
        ],
    )

    assert made | details == made
    assert made["schedules"] == [
        {"weekday": 1, "from": "17:00", "to": "20:00", "every": "week", "valid_from": None, "valid_to": None},
        {"date": "2026-12-24", "from": "12:00", "to": "15:00"},
    ]
    changed = await centre.patch(f"activities/{made['id']}", {"translations": {}, "schedules": [], "price": None})
    assert changed.json() == made | {"translations": {}, "schedules": [], "price": None, "version": 2}


async def test_an_association_says_what_it_is_like_and_staff_what_it_is(centre: Centre) -> None:
    cafe = await centre.organisation()
    own, path = centre.association(cafe["id"]), f"organisations/{cafe['id']}"

    said = await centre.patch(path, {"website": "https://klare.dk", "public_phone": "20123456", "size": 40}, own)
    refused = await centre.patch(path, {"kind": "company", "cvr": "13585628", "name": "Klare"}, own)
    others = await centre.patch(path, {"name": "Klare"}, centre.association(NOBODY))
    no_network = await centre.patch(path, {"life": "independent"})

    assert (said.status_code, said.json()["public_phone"], said.json()["size"]) == (200, "+4520123456", 40)
    assert (refused.status_code, fields_of(refused)) == (422, ["cvr", "kind"])
    assert others.status_code == 403
    assert (no_network.status_code, fields_of(no_network)) == (422, ["life"])


async def test_a_network_comes_to_stand_on_its_own(centre: Centre) -> None:
    network = await centre.organisation(kind="network", life="facilitated")

    for life in ("semi_facilitated", "independent"):
        await centre.patch(f"organisations/{network['id']}", {"life": life})

    facts = await centre.stated(network["id"])
    assert [(fact["type"].split(".")[3], fact["data"]["life"]) for fact in facts] == [
        ("registered", "facilitated"),
        ("updated", "semi_facilitated"),
        ("stage_changed", "semi_facilitated"),
        ("updated", "independent"),
        ("stage_changed", "independent"),
    ]


async def test_a_centre_begins_with_its_municipality_once(centre: Centre) -> None:
    first = await centre.done("localities/begin", {"municipality": "slagelse"})
    second = await centre.done("localities/begin", {"municipality": "slagelse"})

    places = {each["name"]: each for each in await centre.found("localities", limit=200)}
    assert first == {"added": len(places), "known": 0}
    assert second == {"added": 0, "known": len(places)}
    assert places["Korsør"]["part_of"] == places["Slagelse Kommune"]["id"]
    assert [each["name"] for each in await centre.found("localities", postcode="4220", kind="town")] == ["Korsør"]


async def test_staff_keep_localities(centre: Centre) -> None:
    made = await centre.made("localities", {"name": "Tarup", "kind": "district", "postcodes": ["5210", "5210"]})

    twice = await centre.post("localities", {"name": "Tarup", "kind": "town"})
    changed = await centre.patch(f"localities/{made['id']}", {"latitude": 55.4, "longitude": 10.3})
    itself = await centre.patch(f"localities/{made['id']}", {"part_of": made["id"]})
    gone = await centre.call("DELETE", f"localities/{made['id']}", centre.staff)

    assert made["postcodes"] == ["5210"]
    assert (twice.status_code, twice.json()["type"]) == (409, "urn:kompas:problem:locality-known")
    assert (changed.json()["latitude"], changed.json()["version"]) == (55.4, 2)
    assert (itself.status_code, fields_of(itself)) == (422, ["part_of"])
    assert (gone.status_code, await centre.found("localities")) == (204, [])


async def test_more_than_one_may_edit_and_only_their_own_see_who(centre: Centre) -> None:
    cafe, choir = await centre.organisation(), await centre.organisation(name="Koret")
    path, own = f"organisations/{cafe['id']}/contacts", centre.association(cafe["id"])

    first = await centre.post(path, AASE, own)
    second = await centre.post(path, AASE | {"role": "chair", "name": "Amina", "email": "amina@example.dk"}, own)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["phone"] == "+4520123456"
    assert (await centre.get(path, own)).json()["items"] == [first.json(), second.json()]
    assert (await centre.get(path, centre.association(choir["id"]))).status_code == 403
    assert (await centre.get(path, CITIZEN)).status_code == 401
    assert await _told(centre, first.json()["contact_id"]) == [True]


async def test_whoever_speaks_no_longer_is_forgotten(centre: Centre) -> None:
    cafe = await centre.organisation()
    path = f"organisations/{cafe['id']}/contacts"
    made = (await centre.post(path, AASE, **{"idempotency-key": "one"})).json()
    changed = (await centre.patch(f"{path}/{made['id']}", {"email": "ny@example.dk"})).json()

    ended = await centre.post(f"{path}/{made['id']}/end")
    again = await centre.post(f"{path}/{made['id']}/end")

    assert (changed["email"], changed["version"]) == ("ny@example.dk", 2)
    assert (ended.json()["name"], ended.json()["email"], ended.json()["phone"]) == ("", "", None)
    assert again.status_code == 409
    assert await _told(centre, made["contact_id"]) == [True, True, False]
    assert await centre.count("idempotency_keys") == 0
    assert (await centre.get(path, centre.staff)).json() == {"items": []}


async def test_an_organisation_that_closes_takes_its_contacts_along(centre: Centre) -> None:
    cafe = await centre.organisation()
    made = (await centre.post(f"organisations/{cafe['id']}/contacts", AASE)).json()

    await centre.done(f"organisations/{cafe['id']}/close")

    assert await _told(centre, made["contact_id"]) == [True, False]
    refused = await centre.post(f"organisations/{cafe['id']}/contacts", AASE)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:kompas:problem:organisation-closed")


async def _told(centre: Centre, contact_id: str) -> list[bool]:
    """What notify was told of a contact, in order: that it is there, or that it is to be forgotten."""
    async with centre.database.transaction(centre.tenant) as session:
        rows: Any = await (await session.connection()).execute(
            text("select payload from outbox where key = :key and topic = 'contacts' order by id"), {"key": contact_id}
        )
        return [payload is not None for (payload,) in rows]
