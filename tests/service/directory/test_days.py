"""Days as people give them: written out, and as old as an association may be."""

from typing import Any

import pytest

from tests.service.directory.centre import Centre, fields_of


@pytest.mark.parametrize("day", [1700000000, "1700000000", "2026-11-21T10:00:00Z", "1849-12-31", "2100-01-01", True])
async def test_a_day_is_written_out_and_can_have_been(centre: Centre, day: Any) -> None:
    cafe = await centre.organisation()

    answer = await centre.post("memberships", {"organisation_id": cafe["id"], "kind": "member", "started_on": day})

    assert (answer.status_code, fields_of(answer)) == (422, ["started_on"])


async def test_an_old_member_has_been_one_since_before_the_war(centre: Centre) -> None:
    cafe = await centre.organisation()

    member = await centre.made(
        "memberships", {"organisation_id": cafe["id"], "kind": "member", "started_on": "1873-06-05"}
    )

    assert member["started_on"] == "1873-06-05"
    (fact,) = await centre.stated(member["id"])
    assert (fact["data"]["started_on"], fact["time"][:10]) == ("1873-06-05", "1873-06-05")
