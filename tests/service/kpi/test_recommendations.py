"""What Faxe's committee recommended, and what became of each."""

from uuid import uuid4

import pytest
import pytest_asyncio

from services.kpi.adoption import adopt, bundled_plans
from tests.service.kpi.centre import CITIZEN, Centre, Json
from tests.service.kpi.test_followup import sheet

PLAN = "faxe-2018"


@pytest_asyncio.fixture(loop_scope="session")
async def faxe(centre: Centre) -> Centre:
    plan = next(plan for plan in bundled_plans() if plan.id == PLAN)
    async with centre.database.transaction(centre.tenant) as session:
        await adopt(session, centre.tenant, plan, plan.year)
    return centre


async def read(faxe: Centre) -> dict[str, Json]:
    return {each["id"]: each for each in (await faxe.get(f"plans/{PLAN}/recommendations"))["items"]}


async def test_all_eleven_are_there_with_what_the_source_says_of_them(faxe: Centre) -> None:
    found = await read(faxe)

    assert [(id, each["status"]) for id, each in found.items()] == [
        ("R1", "under_way"), ("R2", "under_way"), ("R3", "declined"), ("R4", "done"), ("R5", "under_way"),
        *((f"R{number}", "not_started") for number in range(6, 12)),
    ]  # fmt: skip
    assert found["R4"]["statement"].startswith("At etablere et Frivilligt samråd")
    assert found["R4"]["source"].endswith(", 144")
    assert (found["R4"]["reason"], found["R4"]["history"]) == (None, [])


async def test_staff_say_what_became_of_one_and_everything_said_stays(faxe: Centre) -> None:
    path = f"plans/{PLAN}/recommendations/R2/status"
    first = await faxe.post(path, {"status": "done", "reason": "Tre historier er bragt"})
    second = await faxe.post(path, {"status": "under_way", "reason": "To mangler"})

    found = (await read(faxe))["R2"]

    assert (first.status_code, second.json()) == (201, found)
    assert (found["status"], found["reason"], found["decided_role"]) == ("under_way", "To mangler", "staff")
    assert [(each["status"], each["reason"]) for each in found["history"]] == [
        ("under_way", "To mangler"), ("done", "Tre historier er bragt"),
    ]  # fmt: skip
    assert (await read(faxe))["R1"]["history"] == []


async def test_they_stand_in_the_report(faxe: Centre) -> None:
    said = {"status": "done", "reason": "Foreningernes dag <i>er</i> holdt"}
    await faxe.post(f"plans/{PLAN}/recommendations/R2/status", said)
    path = f"/kpi/{faxe.tenant}/plans/{PLAN}/report"

    found = {form: await faxe.client.get(path, params={"format": form}) for form in ("html", "xlsx", "pdf")}

    assert [answer.status_code for answer in found.values()] == [200] * 3
    assert "<td>Gennemført</td><td>Foreningernes dag &lt;i&gt;er&lt;/i&gt; holdt</td>" in found["html"].text
    rows = {row[0]: row[2:4] for row in sheet(found["xlsx"].content, 2)}
    assert (rows["R2"], rows["R4"]) == (["Gennemført", "Foreningernes dag <i>er</i> holdt"], ["Gennemført", ""])


@pytest.mark.parametrize(
    ("body", "status"),
    [({"status": "lost", "reason": "x"}, 422), ({"status": "done"}, 422), ({"status": "done", "reason": ""}, 422)],
)
async def test_a_status_is_one_of_four_and_has_a_reason(faxe: Centre, body: Json, status: int) -> None:
    assert (await faxe.post(f"plans/{PLAN}/recommendations/R1/status", body)).status_code == status


async def test_what_was_not_recommended_is_not_found_and_only_staff_say(faxe: Centre) -> None:
    said = {"status": "done", "reason": "x"}

    unknown = await faxe.post(f"plans/{PLAN}/recommendations/R99/status", said)
    citizen = await faxe.post(f"plans/{PLAN}/recommendations/R1/status", said, who=CITIZEN)
    member = await faxe.post(f"plans/{PLAN}/recommendations/R1/status", said, who=faxe.association(uuid4()))

    assert (unknown.status_code, citizen.status_code, member.status_code) == (404, 401, 403)
    assert (await faxe.get("plans/odense-2023/recommendations"))["items"] == []
