"""Gatherings: the public calendar, and what staff tell about it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from shared.clock import now
from tests.service.booking.centre import CITIZEN, Centre, danish, fields_of, in_days, meeting, utc
from tests.support.people import bearer


async def test_staff_set_a_date_and_everybody_reads_it(centre: Centre) -> None:
    made = await centre.post(
        "gatherings", centre.staff, meeting(audience_unit="Klima- og Miljøforvaltningen", capacity=40)
    )

    assert made.status_code == 201, made.text
    body = made.json()
    assert (body["state"], body["topic"], body["participants"]) == ("scheduled", "mental-mistrivsel", None)
    assert body["starts_at"] == utc(danish(in_days(20), "17:00"))
    assert (await centre.get("gatherings")).json()["items"] == [body]
    one = await centre.get(f"gatherings/{body['id']}")
    assert (one.json(), one.headers["etag"]) == (body, '"1"')


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": "séance"}, "kind"),
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"topic": "ring til mig på 20123456"}, "topic"),
        ({"organisers": []}, "organisers"),
        ({"organisers": [{"name": "Åse", "sector": "church"}]}, "organisers[0].sector"),
        (
            {"organisers": [{"name": "Åse", "sector": "public", "organisation_id": "x"}]},
            "organisers[0].organisation_id",
        ),
        ({"audience_unit": "kontakt@odense.dk"}, "audience_unit"),
        ({"form": "hybrid"}, "form"),
        ({"starts_at": "i morgen kl. 9"}, "starts_at"),
        ({"ends_at": danish(in_days(20), "17:00")}, "ends_at"),
        ({"ends_at": danish(in_days(60), "17:00")}, "ends_at"),
        ({"starts_at": danish(in_days(1500), "17:00"), "ends_at": danish(in_days(1500), "18:00")}, "starts_at"),
        ({"capacity": -1}, "capacity"),
        ({"internal": "maybe"}, "internal"),
        ({"participants": 9}, "participants"),
    ],
    ids=lambda value: str(value)[:60],
)
async def test_a_wrong_field_is_named(centre: Centre, changed: dict[str, Any], field: str) -> None:
    answer = await centre.post("gatherings", centre.staff, meeting(**changed))

    assert (answer.status_code, fields_of(answer)) == (422, [field])


async def test_participants_are_counted_once(centre: Centre) -> None:
    gathering = await centre.gathering(starts_at=danish(in_days(-9), "17:00"), ends_at=danish(in_days(-9), "19:00"))
    path = f"gatherings/{gathering['id']}"

    held = await centre.post(f"{path}/hold", centre.staff, {"participants": 0}, **{"if-match": '"1"'})
    again = await centre.post(f"{path}/hold", centre.staff, {"participants": 17})
    cancelled = await centre.post(f"{path}/cancel", centre.staff)

    assert (held.status_code, held.json()["state"], held.json()["participants"]) == (200, "held", 0)
    assert held.headers["etag"] == '"2"'
    assert [a.json()["type"] for a in (again, cancelled)] == ["urn:kompas:problem:already-held"] * 2
    assert (again.status_code, cancelled.status_code) == (409, 409)


async def test_nobody_took_part_in_what_has_not_begun(centre: Centre) -> None:
    gathering = await centre.gathering()
    path = f"gatherings/{gathering['id']}/hold"

    early = await centre.post(path, centre.staff, {"participants": 17})
    with time_machine.travel(now() + timedelta(days=21)):
        late = await centre.post(path, centre.staff, {"participants": 17})

    assert (early.status_code, fields_of(early)) == (422, ["starts_at"])
    assert late.status_code == 200


@pytest.mark.parametrize(
    "body", [{}, {"participants": -1}, {"participants": "17"}, {"participants": 1.5}, {"participants": 10**9}]
)
async def test_a_count_is_a_whole_number(centre: Centre, body: dict[str, Any]) -> None:
    gathering = await centre.gathering(starts_at=danish(in_days(-9), "17:00"), ends_at=danish(in_days(-9), "19:00"))

    answer = await centre.post(f"gatherings/{gathering['id']}/hold", centre.staff, body)

    assert (answer.status_code, fields_of(answer)) == (422, ["participants"])


async def test_what_is_called_off_stays_in_the_calendar_as_cancelled(centre: Centre) -> None:
    gathering = await centre.gathering()
    path = f"gatherings/{gathering['id']}"

    stale = await centre.post(f"{path}/cancel", centre.staff, {}, **{"if-match": '"7"'})
    cancelled = await centre.post(f"{path}/cancel", centre.staff, {"reason": "For få tilmeldte"})
    twice = await centre.post(f"{path}/cancel", centre.staff)

    assert (stale.status_code, cancelled.status_code, twice.status_code) == (412, 200, 409)
    assert (await centre.get(path)).json()["state"] == "cancelled"
    assert "tilmeldte" not in (await centre.get(path)).text


async def test_internal_ones_stay_out_of_the_public_calendar(centre: Centre) -> None:
    internal = await centre.gathering(internal=True, kind="committee_meeting")
    path = f"gatherings/{internal['id']}"

    assert (await centre.get(path)).status_code == 404
    assert (await centre.get("gatherings")).json()["items"] == []
    assert (await centre.get(path, centre.staff)).status_code == 200
    assert (await centre.get("gatherings", centre.staff)).json()["items"] == [internal]


async def test_the_calendar_is_read_by_day_kind_state_and_place(centre: Centre) -> None:
    near = await centre.gathering(kind="workshop", locality="Vollsmose")
    far = await centre.gathering(starts_at=danish(in_days(40), "09:00"), ends_at=danish(in_days(40), "10:00"))
    await centre.post(f"gatherings/{far['id']}/cancel", centre.staff)

    for query, found in (
        ({"kind": "workshop"}, near),
        ({"locality": "Vollsmose"}, near),
        ({"state": "cancelled"}, far),
        ({"from": in_days(20), "to": in_days(21)}, near),
        ({"from": in_days(21)}, far),
    ):
        assert [each["id"] for each in (await centre.get("gatherings", **query)).json()["items"]] == [found["id"]], (
            query
        )
    for wrong in ({"kind": "x"}, {"from": "x"}, {"locality": "x" * 61}):
        assert (await centre.get("gatherings", **wrong)).status_code == 422


async def test_only_staff_of_this_centre_write_the_calendar(centre: Centre) -> None:
    gathering = await centre.gathering(starts_at=danish(in_days(-9), "17:00"), ends_at=danish(in_days(-9), "19:00"))
    writes = {"gatherings": meeting(), f"gatherings/{gathering['id']}/attendance": {"participants": 1},
              f"gatherings/{gathering['id']}/hold": {"participants": 1},
              f"gatherings/{gathering['id']}/cancel": {}}  # fmt: skip

    for path, body in writes.items():
        for who, status in ((CITIZEN, 401), (centre.association(uuid4()), 403), (bearer("slagelse"), 404)):
            assert (await centre.post(path, who, body)).status_code == status
    assert (await centre.client.get(f"/booking/slagelse/gatherings/{gathering['id']}")).status_code == 404


async def test_a_gathering_is_changed_before_it_is_held_by_who_has_seen_it(centre: Centre) -> None:
    gathering = await centre.gathering(locality="Vollsmose")
    path = f"gatherings/{gathering['id']}"

    changed = await centre.call(
        "PATCH", path, centre.staff, {"title": "Ny titel", "locality": None}, headers={"if-match": '"1"'}
    )
    stale = await centre.call("PATCH", path, centre.staff, {"title": "x"}, headers={"if-match": '"1"'})
    same = await centre.call("PATCH", path, centre.staff, {"title": "Ny titel"})
    empty = await centre.call("PATCH", path, centre.staff, {"title": None})
    backwards = await centre.call("PATCH", path, centre.staff, {"ends_at": danish(in_days(19), "17:00")})

    assert changed.json() == gathering | {"title": "Ny titel", "locality": None, "version": 2}
    assert (stale.status_code, same.json()["version"]) == (412, 2)
    assert [fields_of(answer) for answer in (empty, backwards)] == [["title"], ["ends_at"]]
    facts = await centre.stated(gathering["id"])
    assert [(fact["type"].split(".")[3], fact["sequence"]) for fact in facts] == [("scheduled", 1), ("updated", 2)]
    await centre.post(f"{path}/cancel", centre.staff)
    assert (await centre.call("PATCH", path, centre.staff, {"title": "x"})).status_code == 409


async def test_a_title_is_nobody_s_fact(centre: Centre) -> None:
    gathering = await centre.gathering()
    await centre.call(
        "PATCH", f"gatherings/{gathering['id']}", centre.staff, {"title": "Åses aften", "place": "Hos Åse"}
    )

    assert len(await centre.stated(gathering["id"])) == 1


async def test_a_bus_run_has_stops_a_relay_is_a_series_of_many_hosts_and_both_are_found(centre: Centre) -> None:
    stops = [{"place": "Banegården", "at": utc(danish(in_days(20), "17:05"))}]
    bus = await centre.gathering(kind="bus_run", topic="basiskørsel", stops=stops, title="Fællesskabsbussen kører")
    relay = [
        await centre.gathering(kind="open_activity", series="Fællesskabsstafetten", description="Vi spiser sammen",
                               organisers=[{"name": host, "sector": "voluntary"}])
        for host in ("Café Klare", "Sct. Knuds Kirke")
    ]  # fmt: skip

    async def found(**query: Any) -> list[str]:
        return [each["id"] for each in (await centre.get("gatherings", **query)).json()["items"]]

    assert (await centre.get(f"gatherings/{bus['id']}")).json()["stops"] == stops
    assert await found(series="fællesskabsstafetten") == [each["id"] for each in relay]
    assert await found(topic="basiskørsel") == [bus["id"]]
    assert await found(q="bussen") == [bus["id"]]
    assert await found(q="%") == await found(q="sporvogn") == []
    assert await found(q="fællesskabsbus") == [bus["id"]]
    assert await found(q="spise") == [each["id"] for each in relay]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"stops": [{"place": "Banegården", "at": danish(in_days(20), "16:00")}]}, "stops[0].at"),
        ({"stops": [{"place": "", "at": danish(in_days(20), "17:00")}]}, "stops[0].place"),
        ({"criteria": [{"key": "ung", "text": "Du er ung", "places": 3}], "capacity": 2}, "criteria"),
        ({"criteria": [{"key": "ung", "text": "Du er ung", "places": 0}], "capacity": 2}, "criteria[0].places"),
        ({"admission": "maybe"}, "admission"),
        ({"evaluation_url": "javascript:alert(1)"}, "evaluation_url"),
        ({"series": "ring til mig på 20123456"}, "series"),
    ],
    ids=lambda value: str(value)[:60],
)
async def test_a_wrong_word_about_who_may_come_is_named(centre: Centre, changed: dict[str, Any], field: str) -> None:
    answer = await centre.post("gatherings", centre.staff, meeting(**changed))

    assert (answer.status_code, fields_of(answer)) == (422, [field])
