"""The follow-up table in every form: the same numbers as the API's, in the reader's language, and harmless."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

import httpx2
import pytest
import pytest_asyncio

from services.kpi.adoption import adopt, bundled_plans
from services.kpi.definition.goal import Codes
from services.kpi.definition.plan import Plan
from shared.database import Database
from tests.service.kpi.centre import Centre, Json
from tests.service.kpi.followed import PLAN, follow
from tests.support.people import fresh_tenant

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest_asyncio.fixture(loop_scope="session")
async def followed(client: httpx2.AsyncClient, database: Database) -> Centre:

    centre = Centre(client, database, fresh_tenant())
    await follow(centre)
    return centre


async def report(centre: Centre, **query: str) -> httpx2.Response:
    language = {"accept-language": query.pop("accept")} if "accept" in query else {}
    path = f"/kpi/{centre.tenant}/plans/{PLAN}/report"
    answer = await centre.client.get(path, params=query, headers=language | centre.staff)
    assert answer.status_code == 200, answer.text
    return answer


async def goals(centre: Centre) -> dict[str, Json]:
    return {goal["id"]: goal for goal in (await centre.get(f"plans/{PLAN}/goals", centre.staff))["items"]}


def cells(page: str, goal: str) -> list[str]:
    row = re.search(rf'<tr id="{re.escape(goal)}">(.*?)</tr>', page, re.DOTALL)
    assert row is not None
    return re.findall(r'<td class="number">(.*?)</td>', row[1])


def lines(written: bytes) -> dict[str, dict[str, str]]:
    found = csv.DictReader(io.StringIO(written.decode("utf-8-sig"), newline=""), delimiter=";")
    return {line["Mål"]: line for line in found}


def sheet(book: bytes, number: int = 1) -> Iterator[list[str]]:
    """A worksheet's rows, from the file's own XML."""
    with zipfile.ZipFile(io.BytesIO(book)) as opened:
        texts = ElementTree.fromstring(opened.read("xl/sharedStrings.xml"))  # noqa: S314
        shared = ["".join(part.text or "" for part in text.iter(f"{SHEET}t")) for text in texts]
        rows = ElementTree.fromstring(opened.read(f"xl/worksheets/sheet{number}.xml")).iter(f"{SHEET}row")  # noqa: S314
        assert not opened.read("xl/worksheets/sheet1.xml").count(b"<f>")
        for row in rows:
            yield [_read(cell, shared) for cell in row]


def _read(cell: ElementTree.Element, shared: list[str]) -> str:
    written = cell.findtext(f"{SHEET}v") or ""
    return shared[int(written)] if cell.get("t") == "s" else written


async def test_the_page_is_danish_and_has_the_numbers_of_the_api(followed: Centre) -> None:
    page = (await report(followed)).text

    assert '<html lang="da">' in page
    assert cells(page, "1.1") == ["11.000", "3"]
    assert cells(page, "1.2") == ["2–3", "4"]
    assert cells(page, "2.1") == ["1.900", "1.650,5"]
    assert cells(page, "2.2") == ["100", "–"]
    for goal in (await goals(followed)).values():
        assert goal["result_reason"] in page
        assert goal["time_reason"] in page


@pytest.mark.parametrize("wish", [{"language": "en"}, {"accept": "en-GB"}, {"language": "en", "accept": "da"}])
async def test_it_is_english_for_those_who_ask(followed: Centre, wish: dict[str, str]) -> None:
    answer = await report(followed, **wish)

    assert answer.headers["content-language"] == "en"
    assert '<html lang="en">' in answer.text
    assert cells(answer.text, "1.1") == ["11,000", "3"]
    assert "11,000 conversations booked" in answer.text


async def test_what_a_plan_says_is_shown_and_never_run(followed: Centre) -> None:
    answer = await report(followed)

    assert "<script" not in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert "Byens &lt;b&gt;plan&lt;/b&gt;" in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")


async def test_goals_stand_under_their_themes_and_an_empty_theme_is_no_table(followed: Centre) -> None:
    page = (await report(followed)).text

    captions = re.findall(r"<caption[^>]*>(.*?)</caption>", page)
    assert captions == [
        "Alle mål efter resultat",
        "Samtaler &amp; møder",
        "Synlighed",
        "Centrets rolle (R)",
        "Kvalitetskriterium (K)",
        "FN&#39;s verdensmål (V)",
    ]
    assert page.index('id="1.2"') < page.index("Synlighed") < page.index('id="2.1"')


async def test_each_code_has_its_total_and_the_uncoded_goals_are_named(followed: Centre) -> None:
    rows = [[row[0], row[1], row[-1]] for row in sheet((await report(followed, format="xlsx")).content, 2)]

    assert rows == [
        ["Kode", "Mål i alt", "Målene"],
        ["R G Guide", "2", "1.1, 1.2"],
        ["R V Videnscenter", "1", "1.1"],
        ["R – uden kode", "2", "2.1, 2.2"],
        ["K 1,1 Lettere at deltage og finde hjælp", "1", "1.1"],
        ["K – uden kode", "3", "1.2, 2.1, 2.2"],
        ["V 3 Sundhed og trivsel", "1", "1.1"],
        ["V – uden kode", "3", "1.2, 2.1, 2.2"],
    ]
    page = (await report(followed)).text
    assert "– uden kode" in page
    assert "<div>R G, V</div><div>K 1,1</div><div>V 3</div>" in page


async def test_a_danish_excel_opens_the_lines_and_can_count_with_them(followed: Centre) -> None:
    answer = await report(followed, format="csv")
    found = lines(answer.content)

    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.headers["content-disposition"] == 'attachment; filename="town-2023.csv"'
    assert (found["1.1"]["Målsætning"], found["1.1"]["Værdi"]) == ("11000", "3")
    assert (found["2.1"]["Værdi"], found["2.1"]["Frist"]) == ("1650,5", "31-12-2023")
    assert found["2.2"]["Værdi"] == ""
    for goal in (await goals(followed)).values():
        told = found[goal["id"]]["Værdi"].replace(",", ".")
        assert (float(told) if told else None) == goal["value"]


async def test_the_workbook_has_the_numbers_of_the_api_as_numbers(followed: Centre) -> None:
    head, *rows = sheet((await report(followed, format="xlsx")).content)
    found = {row[1]: dict(zip(head, row, strict=True)) for row in rows}

    for goal in (await goals(followed)).values():
        told = found[goal["id"]]["Værdi"]
        assert (float(told) if told else None) == goal["value"]
    assert found["1.1"]["Målsætning"] == "11000"
    assert found["1.2"]["Målsætning"] == "2–3"


async def test_a_spreadsheet_takes_no_words_for_a_formula(followed: Centre) -> None:
    told = lines((await report(followed, format="csv")).content)["2.1"]["Målets ordlyd"]
    book = (await report(followed, format="xlsx")).content

    assert told.startswith("'=HYPERLINK(")
    assert any(cell.startswith("=HYPERLINK(") for row in sheet(book) for cell in row), "the words are kept as text"
    with zipfile.ZipFile(io.BytesIO(book)) as opened:
        assert b'quotePrefix="1"' in opened.read("xl/styles.xml")
        assert not [name for name in opened.namelist() if "_rels/sheet" in name], "no link was made of it"


async def test_it_can_be_printed_and_read_aloud(followed: Centre) -> None:
    answer = await report(followed, format="pdf")

    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert b"pdfuaid" in answer.content
    assert b"/Lang" in answer.content


@pytest.mark.parametrize("plan", bundled_plans(), ids=lambda plan: plan.id)
async def test_every_plan_can_be_had_in_every_form_with_every_goal(centre: Centre, plan: Plan) -> None:
    async with centre.database.transaction(centre.tenant) as session:
        await adopt(session, centre.tenant, plan, plan.year)
    path = f"/kpi/{centre.tenant}/plans/{plan.id}/report"

    found = {form: await centre.client.get(path, params={"format": form}) for form in ("html", "xlsx", "csv", "pdf")}

    assert [answer.status_code for answer in found.values()] == [200] * 4
    ids = [goal.id for goal in plan.goals]
    assert sorted(re.findall(r'<tr id="(.+?)">', found["html"].text)) == sorted(ids)
    assert sorted(lines(found["csv"].content)) == sorted(ids)
    assert sorted(row[1] for row in sheet(found["xlsx"].content)) == sorted([*ids, "Mål"])
    # A plan whose source has no codes is not said to lack them.
    coded = any(goal.codes != Codes() for goal in plan.goals)
    assert ("verdensmål (V)" in found["html"].text) == coded


async def test_what_the_centre_decided_stands_in_the_table_with_what_was_counted(followed: Centre) -> None:
    body = {"result": "mostly_reached", "reason": "Lokalet var lukket i marts."}
    assert (await followed.post(f"plans/{PLAN}/goals/1.1/status", body)).status_code == 201

    told = lines((await report(followed, format="csv")).content)["1.1"]

    assert told["Resultat"] == "Resultatet er i alt overvejende grad nået"
    assert told["Opfølgning"].startswith("Lokalet var lukket i marts. ")
    assert "Tælleren foreslog: Resultatet er ikke nået. 3 af 11.000 samtaler." in told["Opfølgning"]


async def test_an_unknown_plan_and_an_unknown_form_are_refused(followed: Centre) -> None:
    plans = f"/kpi/{followed.tenant}/plans"

    assert (await followed.client.get(f"{plans}/nowhere-2023/report")).status_code == 404
    assert (await followed.client.get(f"{plans}/{PLAN}/report", params={"format": "doc"})).status_code == 422
