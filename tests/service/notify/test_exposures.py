"""Recording that somebody of a register was shown its material."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.clock import today
from tests.service.notify.centre import CITIZEN, Centre, fields_of, shown


async def test_an_exposure_is_a_fact_of_its_day(centre: Centre) -> None:
    made = await centre.exposure()

    (event,) = await centre.stated(made["id"])
    assert (made["register"], made["exposed_on"], made["version"]) == ("inspirationspakken", "2023-05-02", 1)
    assert event["type"] == "kompas.notify.material.exposed.v1"
    assert event["time"] == "2023-05-02T10:00:00Z"  # Noon in Denmark.
    assert event["data"] == {
        "register": "inspirationspakken",
        "stakeholder_id": made["stakeholder_id"],
        "material": "inspirationspakken",
        "channel": "møde",
        "exposed_on": "2023-05-02",
    }


async def test_without_a_day_it_is_today_and_without_a_dash_the_channel_gets_one(centre: Centre) -> None:
    body = shown(channel="Fælles morgenmøde")
    del body["exposed_on"]

    answer = await centre.post("exposures", centre.staff, body)

    assert answer.status_code == 201
    assert answer.json()["exposed_on"] == str(today())
    assert answer.json()["channel"] == "fælles-morgenmøde"


async def test_the_same_exposure_twice_is_refused_with_the_id_of_the_first(centre: Centre, neighbour: Centre) -> None:
    body = shown()

    answers = await asyncio.gather(*(centre.post("exposures", centre.staff, body) for _ in range(3)))
    other_day = await centre.post("exposures", centre.staff, body | {"exposed_on": "2023-05-03"})
    elsewhere = await neighbour.post("exposures", neighbour.staff, body)

    made = next(answer.json() for answer in answers if answer.status_code == 201)
    refused = [answer.json() for answer in answers if answer.status_code == 409]
    assert [(each["type"], each["id"]) for each in refused] == [("urn:kompas:problem:already-recorded", made["id"])] * 2
    assert (other_day.status_code, elsewhere.status_code) == (201, 201)
    assert len(await centre.stated(made["id"])) == 1


async def test_the_same_key_records_once_and_answers_twice(centre: Centre) -> None:
    body, key = shown(), {"idempotency-key": str(uuid4())}

    answers = [await centre.post("exposures", centre.staff, body, **key) for _ in "12"]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"register": None}, ["register"]),
        ({"register": "Hr. Hansens liste"}, ["register"]),
        ({"stakeholder_id": "plejehjemmet"}, ["stakeholder_id"]),
        ({"material": "x" * 81}, ["material"]),
        ({"material": "🎈"}, ["material"]),
        ({"channel": "æ" * 61}, ["channel"]),
        ({"channel": 7}, ["channel"]),
        ({"exposed_on": str(today() + timedelta(days=1))}, ["exposed_on"]),
        ({"exposed_on": "0203-05-02"}, ["exposed_on"]),
        ({"exposed_on": "2. maj"}, ["exposed_on"]),
        ({"exposed_on": 1683000000}, ["exposed_on"]),
        ({"note": "Hun var glad for det"}, ["note"]),
    ],
    ids=str,
)
async def test_what_is_wrong_is_named(centre: Centre, change: dict[str, Any], fields: list[str]) -> None:
    assert fields_of(await centre.post("exposures", centre.staff, shown(**change))) == fields


async def test_exposures_are_for_the_centre_s_own_staff(centre: Centre, neighbour: Centre) -> None:
    await centre.exposure()

    for who, status in ((CITIZEN, 401), (centre.association(), 403), (neighbour.staff, 404)):
        assert (await centre.post("exposures", who, shown())).status_code == status
        assert (await centre.get("exposures", who)).status_code == status
        assert (await centre.get("deliveries", who)).status_code == status
    assert (await neighbour.get("exposures", neighbour.staff)).json()["items"] == []


async def test_the_list_can_be_narrowed_and_paged(centre: Centre) -> None:
    first, second = await centre.exposure(), await centre.exposure(register="handbogen", material="handbogen")

    async def found(**query: Any) -> list[str]:
        return [each["id"] for each in (await centre.get("exposures", centre.staff, **query)).json()["items"]]

    assert await found() == [first["id"], second["id"]]
    assert await found(register="handbogen") == await found(stakeholder_id=second["stakeholder_id"]) == [second["id"]]
    page = (await centre.get("exposures", centre.staff, limit=1)).json()
    assert await found(limit=1, cursor=page["next_cursor"]) == [second["id"]]


async def test_row_level_security_hides_rows_from_another_centre_s_raw_sql(centre: Centre, neighbour: Centre) -> None:
    await centre.exposure()

    for table in ("exposures", "outbox"):
        assert await centre.rows(f"select 1 from {table}")
        assert not await neighbour.rows(f"select 1 from {table} where tenant = :theirs", theirs=centre.tenant)


async def test_a_write_that_cannot_be_committed_is_not_answered_with_success(centre: Centre) -> None:
    async with centre.database.engine.begin() as connection:
        await connection.exec_driver_sql(
            "create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;"
            "create constraint trigger refuse after insert on exposures deferrable initially deferred"
            f" for each row when (new.tenant = '{centre.tenant}') execute function refuse()"
        )

    answer = await centre.post("exposures", centre.staff, shown())

    assert answer.status_code >= 500
    assert await centre.rows("select 1 from outbox") == []
