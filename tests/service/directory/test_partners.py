"""What a partner municipality tells of its entries is shown here, marked as its own; everything else is refused."""

import itertools
import json
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import text

from tests.service.directory.centre import CAFE, Centre, fields_of
from tests.service.directory.harvester import Harvester
from tests.service.directory.neighbour import Neighbour

IMPOSSIBLE: list[dict[str, Any]] = [
    {},
    {"day": "2026-12-24", "ends": "09:00"},
    {"weekday": 1, "every": "two_weeks"},
    {"weekday": 1, "first_day": "2026-06-01", "last_day": "2026-01-01"},
]


@pytest_asyncio.fixture
async def faxe(centre: Centre) -> Neighbour:
    faxe = Neighbour(centre)
    await faxe.agreed()
    return faxe


async def source_of(faxe: Neighbour) -> list[tuple[str, str, str]]:
    told = "select source, source_id, assured_by from"
    query = f"{told} activities union all {told} organisations"
    async with faxe.centre.database.transaction(faxe.centre.tenant) as session:
        return [tuple(row) for row in await (await session.connection()).execute(text(query))]


async def test_a_partner_s_entries_are_shown_with_their_source(faxe: Neighbour) -> None:
    await faxe.sends(
        faxe.organisation(locality="Faxe", public_email="post@example.dk"),
        faxe.activity(
            price=25, accessibility=["step_free"], address="Torvet 4", postcode="4640",
            schedules=[
                {"weekday": 2, "every": "two_weeks", "starts": "17:00", "ends": "19:00", "first_day": "2026-01-06"},
                {"day": "2026-12-24", "starts": "12:00", "ends": "14:00"},
            ],
        ),
    )  # fmt: skip

    (activity,), (organisation,) = await faxe.shown(), await faxe.shown("organisations")
    assert (activity["title"], activity["organisation_id"]) == ("Spis med i Faxe", organisation["id"])
    assert await source_of(faxe) == [
        (faxe.source, "aktivitet-4", "partner"), (faxe.source, "forening-17", "partner"),
    ]  # fmt: skip
    assert [each["id"] for each in await faxe.centre.found("activities", q="spis")] == [activity["id"]]
    service = (await faxe.centre.get(f"hsds/services/{activity['id']}")).json()
    assert [each["value"] for each in service["attributes"] if each["link_type"] == "source"] == [faxe.source]
    assert [(each.get("byday"), each["dtstart"]) for each in service["schedules"]] == [
        ("TU", "2026-01-06"), (None, "2026-12-24"),
    ]  # fmt: skip
    feed = Harvester(faxe.centre, "activities")
    await feed.catch_up()
    assert feed.copy == {activity["id"]: service}
    assert await faxe.refused() == []


async def test_nothing_is_told_of_them_as_if_it_were_the_centre_s_own(faxe: Neighbour) -> None:
    await faxe.sends(
        faxe.organisation(), faxe.activity(), faxe.activity(2, title="Ny"), faxe.withdraws(), faxe.closes()
    )

    assert await faxe.centre.count("outbox") == 0


async def test_what_it_changes_withdraws_and_closes_changes_here(faxe: Neighbour) -> None:
    await faxe.sends(faxe.organisation(website="https://example.dk/"), faxe.activity())
    await faxe.sends(faxe.organisation(2, name="Nyt navn"), faxe.activity(2, title="Ny titel"))
    (changed,), (renamed,) = await faxe.shown(), await faxe.shown("organisations")
    organization = (await faxe.centre.get(f"hsds/organizations/{renamed['id']}")).json()
    await faxe.sends(faxe.withdraws(3))
    after_withdrawal = await faxe.shown()
    await faxe.sends(faxe.activity(4), faxe.closes(5))

    assert (changed["title"], renamed["name"], "website" in organization) == ("Ny titel", "Nyt navn", False)
    assert after_withdrawal == []
    assert (await faxe.shown(), await faxe.shown("organisations")) == ([], [])


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
async def test_whatever_comes_late_or_twice_the_newest_holds(faxe: Neighbour, order: tuple[int, ...]) -> None:
    told = [faxe.activity(1), faxe.activity(2, title="Anden"), faxe.withdraws(3)]

    await faxe.sends(*(told[number] for number in order), told[order[0]])

    assert await faxe.shown() == []
    assert await faxe.refused() == []
    await faxe.sends(faxe.activity(4, title="Igen"))
    assert [each["title"] for each in await faxe.shown()] == ["Igen"]


async def test_an_activity_may_come_before_its_organisation(faxe: Neighbour) -> None:
    await faxe.sends(faxe.activity(), faxe.organisation(name="Hele navnet", description="Mere"))
    (organisation,) = await faxe.shown("organisations")

    assert organisation["name"] == "Hele navnet"
    assert [each["organisation_id"] for each in await faxe.shown()] == [organisation["id"]]


async def test_an_activity_of_an_organisation_that_has_closed_is_not_shown(faxe: Neighbour) -> None:
    await faxe.sends(faxe.closes(2), faxe.activity())
    await faxe.sends(faxe.organisation(1))

    assert (await faxe.shown(), await faxe.shown("organisations")) == ([], [])


async def test_the_centre_s_own_entry_keeps_its_cvr_number(faxe: Neighbour) -> None:
    await faxe.centre.made("organisations", CAFE | {"cvr": "13585628"})

    await faxe.sends(faxe.organisation(cvr="13585628"))

    assert sorted(str(each["cvr"]) for each in await faxe.shown("organisations")) == ["13585628", "None"]
    assert await faxe.refused() == []


async def test_what_is_not_acceptable_is_refused_with_its_reason_and_the_next_is_taken(faxe: Neighbour) -> None:
    good = json.loads(faxe.activity(subject="god"))

    def but(**changes: object) -> bytes:
        return json.dumps(good | {"id": f"01a00000-0000-7000-8000-{next(number):012}"} | changes).encode()

    number = itertools.count()
    await faxe.sends(
        b"hej",
        but(data=good["data"] | {"title": "en\nto"}),
        but(data={}),
        but(source="/ukendt/directory"),
        but(tenant="et-andet-sted"),
        but(data=good["data"] | {"organisation_kind": "cult"}),
        *(but(data=good["data"] | {"schedules": [{"starts": "10:00", "ends": "11:00"} | when]}) for when in IMPOSSIBLE),
        but(data=good["data"] | {"website": "javascript:alert(1)"}),
        but(),
    )

    missing = ["organisation_id", "organisation_name", "organisation_kind", "organisation_sector", "title"]
    assert await faxe.refused() == [
        ("undecodable", "not JSON"),
        ("invalid", "data.title: string_pattern_mismatch"),
        ("invalid", "; ".join(f"data.{name}: missing" for name in missing)),
        ("rejected", "the source is no partner of this centre"),
        ("rejected", "the source is no partner of this centre"),
        ("rejected", "not a known OrganisationKind"),
        ("rejected", "schedules: either day or weekday"),
        ("rejected", "schedules: ends before it starts"),
        ("rejected", "schedules: every second week needs a first day"),
        ("rejected", "schedules: the last day is before the first"),
        ("invalid", "data.website: string_pattern_mismatch"),
    ]
    assert [each["title"] for each in await faxe.shown()] == ["Spis med i Faxe"]


async def test_only_what_was_agreed_on_is_taken(centre: Centre) -> None:
    faxe = Neighbour(centre)
    partner = await faxe.agreed(accepts=["kompas.partner.organisation.published.v1"])

    await faxe.sends(faxe.organisation(), faxe.activity())
    changed = await centre.patch(
        f"partners/{partner['id']}", {"accepts": ["kompas.partner.activity.published.v1"]}, centre.admin
    )
    await faxe.sends(faxe.activity(2))

    assert changed.status_code == 200
    assert await faxe.refused() == [("rejected", "this type is not accepted from this partner")]
    assert [len(await faxe.shown(noun)) for noun in ("organisations", "activities")] == [1, 1]


async def test_with_the_partnership_end_its_entries(faxe: Neighbour) -> None:
    await faxe.sends(faxe.organisation(), faxe.activity())
    (partner,) = await faxe.centre.found("partners", faxe.centre.staff)
    own = await faxe.centre.organisation()

    ended = await faxe.centre.post(f"partners/{partner['id']}/end", None, faxe.centre.admin)
    again = await faxe.centre.post(f"partners/{partner['id']}/end", None, faxe.centre.admin)
    await faxe.sends(faxe.activity(2))

    assert (ended.status_code, again.status_code) == (200, 409)
    assert await faxe.shown() == []
    assert [each["id"] for each in await faxe.shown("organisations")] == [own["id"]]
    assert await faxe.refused() == [("rejected", "the partnership has ended")]


async def test_nobody_changes_by_hand_what_a_partner_keeps(faxe: Neighbour) -> None:
    await faxe.sends(faxe.organisation(), faxe.activity())
    (activity,), (organisation,) = await faxe.shown(), await faxe.shown("organisations")
    answers = [
        await faxe.centre.patch(f"organisations/{organisation['id']}", {"name": "Vores"}),
        await faxe.centre.post(f"organisations/{organisation['id']}/close"),
        await faxe.centre.patch(f"activities/{activity['id']}", {"title": "Vores"}),
        await faxe.centre.post(f"activities/{activity['id']}/withdraw"),
    ]

    assert {(answer.status_code, answer.json()["type"]) for answer in answers} == {
        (409, "urn:kompas:problem:kept-by-partner")
    }


async def test_only_whoever_administers_the_centre_agrees_with_partners(faxe: Neighbour) -> None:
    centre = faxe.centre
    new = {"source": "/kalundborg/directory", "name": "Kalundborg"}

    assert (await centre.post("partners", new)).status_code == 403
    taken = await centre.post("partners", {"source": faxe.source, "name": "x"}, centre.admin)
    assert (taken.status_code, taken.json()["type"]) == (409, "urn:kompas:problem:source-taken")
    wrong = {"source": "faxe", "name": "x", "accepts": ["kompas.booking.booking.requested.v1"]}
    assert fields_of(await centre.post("partners", wrong, centre.admin)) == ["source", "accepts[0]"]
