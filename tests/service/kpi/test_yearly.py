"""The yearly report in every form: what goals and observations tell, and "ikke talt" where nobody has counted."""

import csv
import io
import re

import httpx2
import pytest
import pytest_asyncio

from shared.database import Database
from tests.service.kpi.centre import CITIZEN, Centre, Json
from tests.service.kpi.followed import PLAN, follow
from tests.service.kpi.test_followup import sheet
from tests.support.people import fresh_tenant


@pytest_asyncio.fixture(loop_scope="session")
async def followed(client: httpx2.AsyncClient, database: Database) -> Centre:
    centre = Centre(client, database, fresh_tenant())
    await follow(centre)
    return centre


async def figures(centre: Centre, year: int = 2023) -> dict[str, Json]:
    report = await centre.get("yearly-report", centre.staff, year=year)
    return {figure["id"]: figure for figure in report["figures"]}


async def written(centre: Centre, **query: str) -> httpx2.Response:
    path = f"/kpi/{centre.tenant}/yearly-report"
    answer = await centre.client.get(path, params={"year": "2023"} | query, headers=centre.staff)
    assert answer.status_code == 200, answer.text
    return answer


async def test_each_figure_is_told_with_what_it_rests_on(followed: Centre) -> None:
    found = await figures(followed)

    conversations, followers = found["conversations"], found["facebook"]
    assert (conversations["value"], conversations["plan"], conversations["goal"]) == (3, PLAN, "1.1")
    assert conversations["value"] == (await followed.goal("1.1", PLAN))["value"]
    assert found["room_bookings"]["value"] == 4
    assert (followers["value"], followers["as_of"], followers["made"]) == (1650.5, "2023-06-30", "observation")


async def test_what_nobody_counts_is_no_number_and_says_how_to_get_one(followed: Centre) -> None:
    found = await figures(followed)

    members = found["members"]
    assert (members["value"], members["state"]) == (None, "not_counted")
    assert "measure: {kind: stock, of: membership.started" in members["why"]
    assert "linkedin_followers" in found["linkedin"]["why_en"]


async def test_another_year_has_none_of_it(followed: Centre) -> None:
    report = await followed.get("yearly-report", followed.staff, year=2022)

    assert {figure["value"] for figure in report["figures"]} == {None}
    assert report["plans"] == []


async def test_a_retracted_reading_is_not_told(followed: Centre) -> None:
    body = {"series": "instagram_followers", "value": 77, "observed_on": "2023-05-01"}
    observation = (await followed.post("observations", body)).json()
    assert (await figures(followed))["instagram"]["value"] == 77

    answer = await followed.post(f"observations/{observation['id']}/retract", {"reason": "Forkert aflæst"})

    assert answer.is_success, answer.text
    assert (await figures(followed))["instagram"]["value"] is None


async def test_the_years_plans_are_told_as_they_went(followed: Centre) -> None:
    (plan,) = (await followed.get("yearly-report", followed.staff, year=2023))["plans"]

    assert (plan["plan"], plan["goals"]) == (PLAN, 4)
    assert sum(plan["results"].values()) == 4


async def test_the_page_says_it_in_danish_or_english_and_runs_nothing(followed: Centre) -> None:
    danish, english = await written(followed, format="html"), await written(followed, format="html", language="en")

    assert '<html lang="da">' in danish.text
    assert re.search(r'<tr id="facebook">\s*<th scope="row">Følgere på Facebook</th>\s*'
                     r'<td class="number">1.650,5</td>', danish.text)  # fmt: skip
    assert "ikke talt" in danish.text
    assert "Byens &lt;b&gt;plan&lt;/b&gt;" in danish.text
    assert "default-src 'none'" in danish.headers["content-security-policy"]
    assert "not counted" in english.text
    assert "1,650.5" in english.text


async def test_a_danish_spreadsheet_opens_it(followed: Centre) -> None:
    lines = (await written(followed, format="csv")).content.decode("utf-8-sig")
    rows = {row["Tal"]: row for row in csv.DictReader(io.StringIO(lines, newline=""), delimiter=";")}
    book = (await written(followed, format="xlsx")).content

    assert (rows["Følgere på Facebook"]["Antal"], rows["Følgere på LinkedIn"]["Antal"]) == ("1650,5", "ikke talt")
    assert [row[2] for row in sheet(book) if row[1] == "Bookede samtaler"] == ["3"]
    assert [row[1] for row in sheet(book, 2)] == ["Mål i alt", "4"]


@pytest.mark.parametrize("year", ["2022", "2023"])
async def test_the_paper_is_tagged_for_reading_aloud(followed: Centre, year: str) -> None:
    answer = await written(followed, format="pdf", year=year)

    assert answer.content.startswith(b"%PDF")
    assert b"/StructTreeRoot" in answer.content
    assert answer.headers["content-disposition"] == f'attachment; filename="{followed.tenant}-{year}.pdf"'


async def test_it_is_for_the_centres_staff(followed: Centre) -> None:
    answer = await followed.client.get(f"/kpi/{followed.tenant}/yearly-report", headers=CITIZEN)

    assert answer.status_code == 401
