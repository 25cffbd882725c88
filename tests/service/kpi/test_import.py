"""Numbers that come in a file: shown first, all or none, and no number twice."""

import asyncio
from typing import Any

import httpx2
import pytest

from services.kpi.observations.importing import MAX_BYTES
from shared.events.kpi import ObservationRecorded
from tests.service.kpi.centre import CITIZEN, Centre, Json
from tests.support.people import bearer, fresh_tenant

FILE = """series;value;observed_on;evidence
facebook_followers;1.650;30-06-2023;eksport.xlsx
facebook_followers;1.500;31-05-2023;eksport.xlsx
instagram_followers;212,5;2023-06-30;
"""
WRONG = FILE + "facebook_followers;mange;2023-07-31;\nfacebook_followers;1;2999-01-01;\n"


async def sent(centre: Centre, text: str | bytes, who: dict[str, str] | None = None, **query: Any) -> httpx2.Response:
    headers = {**(centre.staff if who is None else who), "content-type": "text/csv"}
    body = text.encode() if isinstance(text, str) else text
    path = f"/kpi/{centre.tenant}/observations/import"
    return await centre.client.post(path, content=body, headers=headers, params=query)


async def recorded(centre: Centre) -> list[ObservationRecorded]:
    return [event for event in await centre.stated() if isinstance(event, ObservationRecorded)]


async def test_a_file_is_recorded_number_by_number_and_counted(centre: Centre) -> None:
    answer = await sent(centre, FILE)

    assert (answer.status_code, answer.json()["new"], answer.json()["known"]) == (200, 3, 0)
    assert [(event.series, event.value, str(event.observed_on)) for event in await recorded(centre)] == [
        ("facebook_followers", 1650, "2023-06-30"),
        ("facebook_followers", 1500, "2023-05-31"),
        ("instagram_followers", 212.5, "2023-06-30"),
    ]
    listed = (await centre.get("observations", centre.staff, series="facebook_followers"))["items"]
    assert [each["evidence"] for each in listed] == ["eksport.xlsx"] * 2
    await centre.count_own_facts()
    assert (await centre.goal("K.2"))["value"] == 1650


async def test_a_dry_run_shows_every_line_and_every_mistake_and_records_nothing(centre: Centre) -> None:
    await sent(centre, "series,value,observed_on\nfacebook_followers,1500,2023-05-31\n")

    answer = await sent(centre, WRONG, dry_run="true")

    shown = answer.json()
    assert (answer.status_code, shown["dry_run"], shown["new"], shown["known"]) == (200, True, 2, 1)
    assert [(line["line"], line["value"], line["new"]) for line in shown["lines"]] == [
        (2, 1650, True),
        (3, 1500, False),
        (4, 212.5, True),
    ]
    assert [(error["line"], error["field"], error["da"]) for error in shown["errors"]] == [
        (5, "value", "skal være et tal som 1650, 1.650 eller 1650,5"),
        (6, "observed_on", "må ikke ligge i fremtiden"),
    ]
    assert shown["errors"][1]["en"] == "must not lie in the future"
    assert len(await recorded(centre)) == 1


async def test_with_one_mistake_nothing_of_the_file_is_recorded(centre: Centre) -> None:
    answer = await sent(centre, WRONG)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["lines[5].value", "lines[6].observed_on"]
    assert "mange" not in answer.text
    assert await recorded(centre) == []


async def test_the_same_file_twice_adds_nothing(centre: Centre) -> None:
    await sent(centre, FILE)

    answer = await sent(centre, FILE + "facebook_followers;1700;2023-07-31;\nfacebook_followers;1.700;31-07-2023;\n")

    assert (answer.json()["new"], answer.json()["known"]) == (1, 4)
    assert len(await recorded(centre)) == 4


async def test_the_same_file_many_times_at_once_adds_its_numbers_once(centre: Centre) -> None:
    answers = await asyncio.gather(*(sent(centre, FILE) for _ in range(5)))

    assert sorted(answer.json()["new"] for answer in answers) == [0, 0, 0, 0, 3]
    assert len(await recorded(centre)) == 3


async def test_what_was_taken_back_does_not_come_back_with_the_file(centre: Centre) -> None:
    await sent(centre, FILE)
    wrong = (await centre.get("observations", centre.staff, series="instagram_followers"))["items"][0]
    await centre.post(f"observations/{wrong['id']}/retract", {"reason": "Forkert konto"})

    again = await sent(centre, FILE)

    assert again.json()["new"] == 0


async def test_a_file_that_is_too_large_is_refused(centre: Centre) -> None:
    answer = await sent(centre, FILE + "x" * MAX_BYTES)

    assert answer.status_code == 413


@pytest.mark.parametrize(("who", "status"), [("citizen", 401), ("stranger", 404)])
async def test_only_staff_of_the_centre_import(centre: Centre, who: str, status: int) -> None:
    callers: dict[str, Json] = {"citizen": CITIZEN, "stranger": bearer(fresh_tenant())}

    assert (await sent(centre, FILE, callers[who])).status_code == status
