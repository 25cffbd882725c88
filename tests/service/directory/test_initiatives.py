"""Initiatives and registers through the door."""

from typing import Any

import pytest

from tests.service.directory.centre import NOBODY, Centre, Json, fields_of, kinds


async def unit(centre: Centre, name: str, kind: str = "municipal_unit") -> Json:
    return await centre.organisation(name=name, kind=kind, sector="public")


async def test_an_initiative_says_who_takes_part_and_names_public_bodies_only(centre: Centre) -> None:
    cafe = await centre.organisation()
    health = await unit(centre, "Sundhedsforvaltningen")
    region = await unit(centre, "Region Syddanmark", "region")
    school = await unit(centre, "Åløkkeskolen", "school")
    partners = [health["id"], cafe["id"], region["id"], school["id"]]

    answer = await centre.post(
        "initiatives",
        {"title": "Brobyg 🌉", "partner_ids": partners, "area": "Sundhed og bevægelse", "started_on": "2023-05-01"},
    )

    made = answer.json()
    assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
    assert made == {
        "id": made["id"], "version": 1, "title": "Brobyg 🌉", "partner_ids": made["partner_ids"],
        "area": "sundhed-og-bevægelse", "started_on": "2023-05-01", "ended_on": None,
    }  # fmt: skip
    assert sorted(made["partner_ids"]) == sorted(partners)
    (fact,) = await centre.stated(made["id"])
    assert (fact["time"], fact["sequence"]) == ("2023-05-01T10:00:00Z", 1)
    assert fact["data"] == {
        "partners": [
            {
                "organisation_id": health["id"], "kind": "municipal_unit", "sector": "public",
                "unit": "Sundhedsforvaltningen",
            },
            {"organisation_id": cafe["id"], "kind": "association", "sector": "voluntary"},
            {"organisation_id": region["id"], "kind": "region", "sector": "public", "unit": "Region Syddanmark"},
            {"organisation_id": school["id"], "kind": "school", "sector": "public"},
        ],
        "units": ["Region Syddanmark", "Sundhedsforvaltningen"],
        "sectors": ["public", "voluntary"],
        "area": "sundhed-og-bevægelse",
        "started_on": "2023-05-01",
    }  # fmt: skip


async def test_a_name_that_is_no_designation_stays_out_of_the_event(centre: Centre) -> None:
    odd = await unit(centre, "Åse Sørensen, tlf. 20 12 34 56")

    made = await centre.made("initiatives", {"title": "Brobyg", "partner_ids": [odd["id"], odd["id"]]})

    (fact,) = await centre.stated(made["id"])
    assert made["partner_ids"] == [odd["id"]]
    assert fact["data"]["units"] == []
    assert len(fact["data"]["partners"]) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"partner_ids": []}, "partner_ids"),
        ({"partner_ids": [NOBODY]}, "partner_ids[0]"),
        ({"partner_ids": ["x"]}, "partner_ids[0]"),
        ({"partner_ids": [NOBODY] * 51}, "partner_ids"),
        ({"area": "ring 20123456"}, "area"),
        ({"started_on": "9999-01-01"}, "started_on"),
    ],
)
async def test_what_is_wrong_is_named(centre: Centre, wrong: Json, field: str) -> None:
    body = {"title": "Brobyg", "partner_ids": [(await centre.organisation())["id"]]} | wrong

    answer = await centre.post("initiatives", body)

    assert (answer.status_code, fields_of(answer)) == (422, [field])


async def test_another_centres_organisation_is_no_partner(centre: Centre) -> None:
    cafe, theirs = await centre.organisation(), await centre.neighbour().organisation()

    answer = await centre.post("initiatives", {"title": "Brobyg", "partner_ids": [cafe["id"], theirs["id"]]})

    assert (answer.status_code, fields_of(answer)) == (422, ["partner_ids[1]"])


async def test_an_initiative_ends_once(centre: Centre) -> None:
    made = await centre.made(
        "initiatives",
        {"title": "Brobyg", "partner_ids": [(await centre.organisation())["id"]], "started_on": "2023-05-01"},
    )
    path = f"initiatives/{made['id']}/end"

    early = await centre.post(path, {"ended_on": "2023-04-30"})
    stale = await centre.post(path, {}, **{"if-match": '"2"'})
    ended = await centre.done(path, {"ended_on": "2023-12-01"})
    twice = await centre.post(path, {"ended_on": "2023-12-01"})

    assert (early.status_code, stale.status_code, twice.status_code) == (422, 412, 409)
    assert ended == made | {"ended_on": "2023-12-01", "version": 2}
    facts = await centre.stated(made["id"])
    assert kinds(facts) == [("initiative.started", 1), ("initiative.ended", 2)]
    assert (facts[1]["time"], facts[1]["data"]) == ("2023-12-01T11:00:00Z", {"ended_on": "2023-12-01"})


async def test_initiatives_are_listed_by_partner_area_and_state(centre: Centre) -> None:
    cafe, firm = await centre.organisation(), await centre.company()
    first = await centre.made("initiatives", {"title": "Et", "partner_ids": [cafe["id"], firm["id"]], "area": "natur"})
    second = await centre.made("initiatives", {"title": "To", "partner_ids": [cafe["id"]]})
    await centre.done(f"initiatives/{second['id']}/end")

    async def ids(**query: Any) -> list[str]:
        return [each["id"] for each in await centre.found("initiatives", centre.staff, **query)]

    assert await ids() == [first["id"], second["id"]]
    assert await ids(organisation_id=firm["id"]) == await ids(area="natur") == await ids(running=True) == [first["id"]]
    assert await ids(running=False) == [second["id"]]
    assert (await centre.get(f"initiatives/{first['id']}", centre.staff)).json() == first


NURSING_HOME = {"register": "inspirationspakken", "name": "Plejehjemmet Lysningen 🌞", "sector": "public"}


async def test_a_stakeholder_is_designated_and_removed_once_without_its_name(centre: Centre) -> None:
    answer = await centre.post("stakeholders", NURSING_HOME | {"designated_on": "2023-04-01"})
    made = answer.json()
    path = f"stakeholders/{made['id']}/remove"

    early = await centre.post(path, {"removed_on": "2023-03-31"})
    removed = await centre.done(path, {"removed_on": "2023-10-02"})
    twice = await centre.post(path)

    assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
    assert made == NURSING_HOME | {
        "id": made["id"], "version": 1, "designated_on": "2023-04-01", "removed_on": None,
    }  # fmt: skip
    assert (early.status_code, twice.status_code) == (422, 409)
    assert removed == made | {"removed_on": "2023-10-02", "version": 2}
    facts = await centre.stated(made["id"])
    assert kinds(facts) == [("stakeholder.designated", 1), ("stakeholder.removed", 2)]
    assert [fact["data"] for fact in facts] == [
        {"register": "inspirationspakken", "sector": "public"}, {"register": "inspirationspakken"},
    ]  # fmt: skip
    assert facts[0]["time"] == "2023-04-01T10:00:00Z"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"register": "Inspirationspakken!"}, "register"),
        ({"register": None}, "register"),
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"sector": "health"}, "sector"),
        ({"designated_on": "9999-01-01"}, "designated_on"),
        ({"in_register": "x"}, "in_register"),
    ],
)
async def test_what_is_wrong_with_a_stakeholder_is_named(centre: Centre, wrong: Json, field: str) -> None:
    answer = await centre.post("stakeholders", NURSING_HOME | wrong)

    assert (answer.status_code, fields_of(answer)) == (422, [field])


async def test_a_register_lists_those_who_stand_in_it(centre: Centre) -> None:
    here = await centre.made("stakeholders", NURSING_HOME)
    gone = await centre.made("stakeholders", NURSING_HOME)
    other = await centre.made("stakeholders", NURSING_HOME | {"register": "råd-og-nævn"})
    await centre.done(f"stakeholders/{gone['id']}/remove")

    async def ids(**query: Any) -> list[str]:
        return [each["id"] for each in await centre.found("stakeholders", centre.staff, **query)]

    assert await ids(register="inspirationspakken") == [here["id"]]
    assert await ids(register="inspirationspakken", removed=True) == [here["id"], gone["id"]]
    assert await ids() == [here["id"], other["id"]]
    assert (await centre.get(f"stakeholders/{here['id']}", centre.staff)).json() == here
