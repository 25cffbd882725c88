"""Numbers that staff read: recorded, corrected by newer ones, taken back, and told as facts without their evidence."""

from typing import Any
from uuid import uuid4

import httpx2
import pytest

from shared.clock import today
from shared.events.kpi import ObservationRecorded, ObservationRetracted
from tests.service.kpi.centre import CITIZEN, Centre, Json
from tests.support.people import bearer, fresh_tenant

FOLLOWERS = {"series": "facebook_followers", "value": 1650, "observed_on": "2023-06-30"}


async def recorded(centre: Centre, **changes: Any) -> Json:
    answer = await centre.post("observations", FOLLOWERS | changes)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def value(centre: Centre, goal: str = "K.2") -> float | None:
    await centre.count_own_facts()
    found: float | None = (await centre.goal(goal))["value"]
    return found


async def test_an_observation_is_kept_and_told_without_its_evidence(centre: Centre) -> None:
    observation = await recorded(centre, evidence="Skærmbillede fra Åse, 30. juni")

    assert observation["value"] == 1650
    assert observation["evidence"] == "Skærmbillede fra Åse, 30. juni"
    [told] = [each for each in await centre.envelopes() if each.type == ObservationRecorded.TYPE]
    assert told.data == {"series": "facebook_followers", "value": 1650, "observed_on": "2023-06-30"}
    assert (told.subject, str(told.time)) == (observation["id"], "2023-06-30 10:00:00+00:00")


async def test_without_a_day_it_was_read_today(centre: Centre) -> None:
    answer = await centre.post("observations", {"series": "facebook_followers", "value": 3})

    assert answer.json()["observed_on"] == str(today())


async def test_a_newer_day_wins_however_late_the_older_one_arrives(centre: Centre) -> None:
    await recorded(centre)
    await recorded(centre, value=1500, observed_on="2023-05-31")

    assert await value(centre) == 1650


async def test_what_was_wrong_is_taken_back_with_a_reason(centre: Centre) -> None:
    await recorded(centre, value=1500, observed_on="2023-05-31")
    wrong = await recorded(centre, value=16500)
    before = await value(centre)

    answer = await centre.post(f"observations/{wrong['id']}/retract", {"reason": "Et nul for meget"})
    twice = await centre.post(f"observations/{wrong['id']}/retract", {"reason": "Igen"})

    assert (answer.status_code, answer.json()["retract_reason"]) == (200, "Et nul for meget")
    assert twice.status_code == 409
    assert (before, await value(centre)) == (16500, 1500)
    told = [event for event in await centre.stated() if isinstance(event, ObservationRetracted)]
    assert [(event.series, str(event.observed_on)) for event in told] == [("facebook_followers", "2023-06-30")]


async def test_a_change_made_while_looking_at_an_older_version_is_refused(centre: Centre) -> None:
    observation = await recorded(centre)
    path = f"/kpi/{centre.tenant}/observations/{observation['id']}/retract"

    answer = await centre.client.post(path, json={"reason": "x"}, headers={**centre.staff, "if-match": '"7"'})

    assert answer.status_code == 412


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"observed_on": "2999-01-01"}, "observed_on"),
        ({"observed_on": "2023-02-30"}, "observed_on"),
        ({"series": "Facebook følgere"}, "series"),
        ({"value": "mange"}, "value"),
        ({"value": 1e30}, "value"),
        ({"evidence": ""}, "evidence"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_a_wrong_field_is_named(centre: Centre, changes: Json, field: str) -> None:
    answer = await centre.post("observations", FOLLOWERS | changes)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert await centre.envelopes() == [each for each in await centre.envelopes() if "plan" in each.data]


async def test_the_list_can_be_narrowed_to_a_series(centre: Centre) -> None:
    await recorded(centre)
    await recorded(centre, series="instagram_followers")

    found = await centre.get("observations", centre.staff, series="instagram_followers")

    assert [each["series"] for each in found["items"]] == ["instagram_followers"]


@pytest.mark.parametrize(("who", "status"), [("citizen", 401), ("association", 403), ("stranger", 404)])
async def test_only_staff_of_the_centre_record_and_read(centre: Centre, who: str, status: int) -> None:
    callers = {
        "citizen": CITIZEN,
        "association": centre.association(uuid4()),
        "stranger": bearer(fresh_tenant()),
    }

    written = await centre.post("observations", FOLLOWERS, who=callers[who])
    read = await centre.client.get(f"/kpi/{centre.tenant}/observations", headers=callers[who])

    assert (written.status_code, read.status_code) == (status, status)


async def test_another_centres_observation_is_not_found(centre: Centre, client: httpx2.AsyncClient) -> None:
    observation = await recorded(centre)
    stranger = fresh_tenant()

    answer = await client.get(f"/kpi/{stranger}/observations/{observation['id']}", headers=bearer(stranger))

    assert answer.status_code == 404


async def test_a_write_repeated_with_its_key_is_one_observation(centre: Centre) -> None:
    headers = {**centre.staff, "idempotency-key": "tælling-1".encode().hex()}

    answers = [
        await centre.client.post(f"/kpi/{centre.tenant}/observations", json=FOLLOWERS, headers=headers)
        for _ in range(2)
    ]

    assert answers[0].json() == answers[1].json()
    assert len((await centre.get("observations", centre.staff))["items"]) == 1
