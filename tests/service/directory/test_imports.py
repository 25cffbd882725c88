"""A file of entries: shown first, then adopted in the background, each line once."""

import io
import json
import zipfile
from typing import Any

import httpx2
import openpyxl
import pytest
import pytest_asyncio

from services.directory.imports import repository
from services.directory.imports.adopting import adopt_some
from services.directory.imports.job import Adopting
from services.directory.imports.rules import MAX_BYTES
from tests.service.directory.centre import CITIZEN, Centre, Json, fields_of, kinds
from tests.service.directory.sheets import COLUMNS, association, excel_csv, workbook

CVR = "13585628"


@pytest_asyncio.fixture(loop_scope="session")
async def job(centre: Centre) -> Adopting:
    return Adopting(centre.database)


async def sent(centre: Centre, body: bytes, status: int = 201, **query: str) -> Json:
    answer = await centre.call("POST", "imports", centre.staff, content=body, params=query)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


async def adopted(centre: Centre, job: Adopting, made: Json, **body: str) -> Json:
    answer = await centre.post(f"imports/{made['id']}/adopt", body or None)
    assert answer.status_code == 202, answer.text
    while (now := (await centre.get(f"imports/{made['id']}", centre.staff)).json())["state"] == "adopting":
        await job.round()
    return dict(now)


async def lines(centre: Centre, made: Json, **query: str) -> list[Json]:
    return await centre.found(f"imports/{made['id']}/lines", centre.staff, **query)


def counted(made: Json) -> dict[str, int]:
    return {outcome: count for outcome, count in made["counts"].items() if count}


async def test_five_hundred_associations_come_in_once_and_never_again(centre: Centre, job: Adopting) -> None:
    sheet = workbook([association(number) for number in range(500)])

    first = await sent(centre, sheet)
    assert counted(first) == {"added": 500}
    assert await centre.count("organisations") == 0
    first = await adopted(centre, job, first)
    assert (first["state"], first["done"], counted(first)) == ("adopted", 500, {"added": 500})
    assert await centre.count("organisations") == await centre.count("activities where state = 'published'") == 500
    facts = await centre.count("outbox")
    assert facts == 1000

    again = await sent(centre, sheet)
    assert counted(again) == {"unchanged": 500}
    again = await adopted(centre, job, again)
    assert counted(again) == {"unchanged": 500}
    assert await centre.count("organisations") == await centre.count("activities") == 500
    assert await centre.count("outbox") == facts

    # Merged and taken apart, the old id answers throughout, and the file adds nothing at any time.
    kept, merged = (await centre.found("organisations", limit="2"))[:2]
    made = await centre.made("merges", {"kept_id": kept["id"], "merged_id": merged["id"]})
    assert (await centre.get(f"organisations/{merged['id']}")).json()["id"] == kept["id"]
    third = await adopted(centre, job, await sent(centre, sheet))
    assert counted(third) == {"unchanged": 500}
    await centre.done(f"merges/{made['id']}/undo")
    assert (await centre.get(f"organisations/{merged['id']}")).json()["name"] == merged["name"]
    assert counted(await sent(centre, sheet)) == {"unchanged": 500}
    assert await centre.count("organisations where closed_on is null") == 500


async def test_what_a_line_says_becomes_an_entry_as_if_entered_by_hand(centre: Centre, job: Adopting) -> None:
    headings = (
        "Navn",
        "CVR-nr.",
        "Postnr. og by",
        "Type",
        "E-mail",
        "Tlf.",
        "Aktivitet",
        "Sprog",
        "Tidspunkt",
        "Lokale",
    )
    row = (
        "Café Åben", f"DK {CVR}", "5240 Odense NØ", "Forening", "post@cafe.dk", "20 12 34 56",
        "Spis sammen", "dansk, arabisk", "Tirsdag kl. 19-21; torsdag 10.00–12.30", "Den store sal",
    )  # fmt: skip

    made = await adopted(centre, job, await sent(centre, excel_csv([row], headings)))

    assert counted(made) == {"added": 1}
    [entry] = await centre.found("organisations")
    wanted = {
        "name": "Café Åben", "cvr": CVR, "postcode": "5240", "locality": "Odense NØ", "kind": "association",
        "sector": "voluntary", "public_email": "post@cafe.dk", "public_phone": "+4520123456", "source": "file",
    }  # fmt: skip
    assert {field: entry[field] for field in wanted} == wanted
    [activity] = await centre.found("activities")
    assert (activity["title"], activity["languages"], activity["state"]) == ("Spis sammen", ["da", "ar"], "published")
    assert [(each["weekday"], each["from"], each["to"]) for each in activity["schedules"]] == [
        (1, "19:00", "21:00"), (3, "10:00", "12:30"),
    ]  # fmt: skip
    [room] = await centre.found("premises")
    assert (room["name"], room["organisation_id"], activity["premises_id"]) == (
        "Den store sal", entry["id"], room["id"],
    )  # fmt: skip
    assert kinds(await centre.stated(entry["id"])) == [("organisation.registered", 1)]
    assert [kind for kind, _ in kinds(await centre.stated(activity["id"]))] == ["activity.published"]
    [line] = await lines(centre, made)
    assert (line["organisation_id"], line["activity_id"], line["premises_id"]) == (
        entry["id"], activity["id"], room["id"],
    )  # fmt: skip
    assert await centre.count("import_lines where cells <> '[]'") == 0


async def test_what_is_stated_is_what_an_entry_by_hand_states(centre: Centre, job: Adopting) -> None:
    headings = (
        "Forening",
        "Type",
        "By",
        "Aktivitet",
        "Tema",
        "Målgruppe",
        "Sprog",
        "Aktivitetens by",
        "Lokale",
        "Lokalets by",
    )
    row = ("Café Klare", "virksomhed", "Bolbro", "Sang", "sang", "voksne", "da", "Vollsmose", "Salen", "Bolbro")
    hand = centre.neighbour()
    entry = await hand.organisation(name="Café Klare", kind="company", sector="private", locality="Bolbro")
    words: Json = {"themes": ["sang"], "target_groups": ["voksne"], "languages": ["da"], "locality": "Vollsmose"}
    activity = await hand.activity(entry, title="Sang", **words)
    room = await hand.made("premises", {"organisation_id": entry["id"], "name": "Salen", "locality": "Bolbro"})

    made = await adopted(centre, job, await sent(centre, excel_csv([row], headings)))

    [line] = await lines(centre, made)
    for ours, theirs in (("organisation_id", entry), ("activity_id", activity), ("premises_id", room)):
        [imported], [entered] = await centre.stated(line[ours]), await hand.stated(theirs["id"])
        told = json.loads(json.dumps(imported["data"]).replace(line["organisation_id"], entry["id"]))
        assert (imported["type"], told) == (entered["type"], entered["data"])


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
async def test_danish_letters_survive_however_excel_writes_them(centre: Centre, encoding: str) -> None:
    made = await sent(centre, excel_csv([("Ærø\nÅben; Ø",)], ("Forening",), encoding))

    [line] = await lines(centre, made)
    assert (line["outcome"], [each["field"] for each in line["findings"]]) == ("wrong", ["organisation.name"])
    good = await sent(
        centre, excel_csv([("Ærø Åben Ø", "To\nlinjer; og semikolon")], ("Forening", "Beskrivelse"), encoding)
    )
    [column] = [each for each in good["columns"] if each["heading"] == "Beskrivelse"]
    assert (column["field"], column["examples"]) == ("organisation.description", ["To\nlinjer; og semikolon"])


async def test_the_preview_says_what_each_line_will_do(centre: Centre, job: Adopting) -> None:
    here = await centre.organisation(name="Foreningen Åben Dør", postcode="5000")
    await centre.organisation(name="Røde Kors", cvr=CVR)
    closed = await centre.organisation(name="Lukket Klub", postcode="5000", cvr="25313763")
    await centre.done(f"organisations/{closed['id']}/close")
    rows = [
        ("Aaben Doer", "", "5000", "https://nyt.dk", ""),
        ("Røde Kors Odense", CVR, "", "https://rodekors.dk", ""),
        ("Helt Ny", "", "5000", "", ""),
        ("HELT  NY!", "", "5000", "helt-ny.dk", ""),
        ("Forkert", "12345678", "50", "", "mange"),
        ("", "", "5000", "", ""),
    ]

    made = await sent(centre, excel_csv(rows, ("Forening", "CVR", "Postnr", "Web", "Medlemmer")))

    told = await lines(centre, made)
    assert [each["outcome"] for each in told] == ["possible", "changed", "added", "changed", "wrong", "wrong"]
    assert (told[0]["same_as"], told[0]["number"]) == (here["id"], 2)
    assert {each["field"]: (each["before"], each["after"]) for each in told[1]["findings"]} == {
        "organisation.name": ("Røde Kors", "Røde Kors Odense"),
        "organisation.website": (None, "https://rodekors.dk"),
    }
    assert {(each["field"], each["column"], each["message"]) for each in told[4]["findings"]} == {
        ("organisation.cvr", "CVR", "er ikke et gyldigt CVR-nummer"),
        ("organisation.postcode", "Postnr", "skal være et dansk postnummer, fx 5000"),
        ("organisation.size", "Medlemmer", "skal være et helt tal"),
    }
    assert [each["message"] for each in told[5]["findings"]] == ["skal udfyldes"]
    english = await centre.call("GET", f"imports/{made['id']}/lines", centre.staff, headers={"accept-language": "en"})
    assert "is not a valid CVR number" in english.text
    assert [each["number"] for each in await lines(centre, made, outcome="wrong")] == [6, 7]

    done = await adopted(centre, job, made)
    assert counted(done) == {"changed": 2, "added": 1, "skipped": 1, "wrong": 2}
    assert await centre.count("organisations") == 4


async def test_a_person_decides_who_is_the_same(centre: Centre, job: Adopting) -> None:
    here = await centre.organisation(name="Foreningen Åben Dør", postcode="5000")
    rows = [("Aaben Doer", "5000", "1"), ("Åben Dør i Odense", "5000", "2"), ("Ny Klub", "5000", "3")]
    sheet = excel_csv(rows, ("Forening", "Postnr", "Id"))
    made = await sent(centre, sheet, source="gammel-side")
    for number, body in ((2, {"decision": "same"}), (3, {"decision": "add"}), (4, {"decision": "skip"})):
        answer = await centre.patch(f"imports/{made['id']}/lines/{number}", body)
        assert answer.status_code == 200, answer.text

    done = await adopted(centre, job, made)

    assert counted(done) == {"changed": 1, "added": 1, "skipped": 1}
    assert (await centre.get(f"organisations/{here['id']}")).json()["name"] == "Aaben Doer"
    # What was decided is known the next time.
    again = await sent(centre, sheet, source="gammel-side")
    assert [each["outcome"] for each in await lines(centre, again)] == ["unchanged", "unchanged", "added"]


async def test_columns_can_mean_something_else_than_was_guessed(centre: Centre, job: Adopting) -> None:
    made = await sent(centre, excel_csv([("Spis sammen", "Café Klare")], ("Navn", "Udbyder")))
    assert [each["field"] for each in made["columns"]] == ["organisation.name", None]

    answer = await centre.patch(
        f"imports/{made['id']}", {"columns": ["activity.title", "organisation.name"], "publish": False}
    )

    assert answer.status_code == 200, answer.text
    await adopted(centre, job, made)
    [activity] = await centre.found("activities", centre.staff, state="draft")
    [entry] = await centre.found("organisations")
    assert (entry["name"], activity["title"]) == ("Café Klare", "Spis sammen")
    for columns in (["activity.title", None], ["organisation.name"], ["organisation.name"] * 2, ["x", "y"]):
        other = await sent(centre, excel_csv([("a", "b")], ("Navn", "Udbyder")))
        assert (await centre.patch(f"imports/{other['id']}", {"columns": columns})).status_code == 422
    late = await centre.patch(f"imports/{made['id']}", {"publish": True})
    assert (late.status_code, late.json()["type"]) == (409, "urn:kompas:problem:already-adopted")


async def test_a_worker_that_is_killed_is_taken_over_without_a_line_twice(
    centre: Centre, job: Adopting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.directory.imports.adopting.AT_ONCE", 5)
    made = await sent(centre, workbook([association(number) for number in range(12)]))
    await centre.post(f"imports/{made['id']}/adopt")
    await job.round()
    before = await centre.count("organisations")

    async with centre.database.transaction(centre.tenant) as session:
        taken = await repository.take(session, centre.tenant, made["id"])
        assert taken is not None
        await adopt_some(session, taken)
        # Another worker finds nothing to do meanwhile; then the first one is gone, and its transaction with it.
        assert await job.round() is False
        await session.rollback()

    now = (await centre.get(f"imports/{made['id']}", centre.staff)).json()
    assert (before, now["done"], await centre.count("organisations")) == (5, 5, 5)
    while await job.round():
        pass
    assert await centre.count("organisations") == await centre.count("activities") == 12
    assert await centre.count("outbox") == 24


async def test_the_report_is_a_table_to_keep(centre: Centre, job: Adopting) -> None:
    rows = [("=1+1 Klub", "5000"), ("Forkert", "1")]
    made = await adopted(centre, job, await sent(centre, excel_csv(rows, ("Forening", "Postnr"))))

    told = await centre.get(f"imports/{made['id']}/report.csv", centre.staff)
    book = await centre.get(f"imports/{made['id']}/report.xlsx", centre.staff)

    assert told.content.startswith(b"\xef\xbb\xbfLinje;Navn;Udfald")
    written = told.content.decode("utf-8-sig").splitlines()
    assert written[1].startswith("2;'=1+1 Klub;tilføjet;")
    assert written[2].startswith("3;Forkert;forkert;Postnr: skal være et dansk postnummer, fx 5000;")
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).active
    assert [cell.value for cell in sheet[2]][1:3] == ["=1+1 Klub", "tilføjet"]
    assert sheet["B2"].data_type == "s"


def bomb() -> bytes:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * (101 * 1024 * 1024))
    return stored.getvalue()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"Forening;Postnr\r\n", 422),
        (b"\xd0\xcf\x11\xe0 old", 422),
        (b"PK\x03\x04 no zip at all", 422),
        (b"{ no json", 422),
        (b"Forening\n" + b"x" * 20_001, 422),
        (b"Forening\n" + b"Klub\n" * 10_001, 422),
        (bomb(), 413),
        (b"x" * (MAX_BYTES + 1), 413),
    ],
    ids=["empty", "headings only", "xls", "broken zip", "broken json", "long cell", "many lines", "bomb", "large"],
)
async def test_a_file_that_cannot_be_read_is_refused_with_a_reason(centre: Centre, body: bytes, status: int) -> None:
    refused = await sent(centre, body, status)

    assert refused.get("detail")
    assert await centre.count("imports") == 0


async def test_a_formula_is_the_value_that_was_saved_with_it(centre: Centre) -> None:
    stored = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["Forening", "Beskrivelse"])
    book.active.append(["Klub", '=WEBSERVICE("https://example.org")'])
    book.save(stored)

    made = await sent(centre, stored.getvalue())

    assert made["columns"][1]["examples"] == [""]


HSDS: Any = {
    "contents": [
        {
            "id": "s1",
            "name": "Spis sammen",
            "description": "Hver tirsdag",
            "organization": {"id": "o1", "name": "Café Klare", "website": "https://klare.dk"},
            "languages": [{"code": "da"}],
            "service_at_locations": [
                {
                    "location": {
                        "latitude": 55.4,
                        "addresses": [{"address_1": "Vej 1", "postal_code": "5000", "city": "Odense"}],
                    }
                }
            ],
        },
        {
            "id": "o2",
            "name": "Røde Kors",
            "organization_identifiers": [{"identifier_type": "DK-CVR", "identifier": CVR}],
        },
    ]
}


async def test_open_referral_documents_are_read_too(centre: Centre, job: Adopting, client: httpx2.AsyncClient) -> None:
    body = client.build_request("POST", "/", json=HSDS).content

    made = await adopted(centre, job, await sent(centre, body))
    again = await sent(centre, body)

    assert (made["format"], counted(made), counted(again)) == ("hsds", {"added": 2}, {"unchanged": 2})
    [activity] = await centre.found("activities")
    assert (activity["title"], activity["address"], activity["latitude"]) == ("Spis sammen", "Vej 1", 55.4)
    assert {each["name"]: each["cvr"] for each in await centre.found("organisations")} == {
        "Café Klare": None, "Røde Kors": CVR,
    }  # fmt: skip


async def test_the_page_for_staff_knows_nothing_and_runs_only_its_own_script(centre: Centre) -> None:
    for part, kind in (("import", "text/html"), ("import.js", "text/javascript"), ("import.css", "text/css")):
        answer = await centre.get(part)
        assert (answer.status_code, answer.headers["content-type"]) == (200, f"{kind}; charset=utf-8")
        assert "script-src 'self'" in answer.headers["content-security-policy"]


async def test_imports_are_for_staff(centre: Centre) -> None:
    made = await sent(centre, excel_csv([("Klub",)], COLUMNS[:1]))

    for who in (CITIZEN, centre.association(made["id"])):
        answer = await centre.call("POST", "imports", who, content=b"Forening\nKlub")
        assert answer.status_code in (401, 403)
    assert (await centre.call("DELETE", f"imports/{made['id']}", centre.staff)).status_code == 204
    assert await centre.count("import_lines") == 0
    assert fields_of(await centre.get("imports", centre.staff, cursor="?")) == ["cursor"]


async def test_lines_that_cannot_be_stored_do_not_hold_up_the_files_of_others(centre: Centre, job: Adopting) -> None:
    other = centre.neighbour()
    blocked = await sent(centre, excel_csv([("Klub",)], ("Forening",)))
    waiting = await sent(other, excel_csv([("Klub",)], ("Forening",)))
    trigger = f"create_{centre.tenant}"
    await centre.run(
        f"create function {trigger}() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$",
        f"create trigger {trigger} before insert on organisations for each row"
        f" when (new.tenant = '{centre.tenant}') execute function {trigger}()",
    )
    await centre.post(f"imports/{blocked['id']}/adopt")

    done = await adopted(other, job, waiting)

    assert counted(done) == {"added": 1}
    assert (await centre.get(f"imports/{blocked['id']}", centre.staff)).json()["done"] == 0
    await centre.run(f"drop trigger {trigger} on organisations", f"drop function {trigger}()")
    while await job.round():
        pass
    assert await centre.count("organisations") == 1
