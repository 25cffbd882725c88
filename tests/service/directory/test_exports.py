"""The directory as files, feeds and pages that others use."""

import csv
import io
import json
from xml.etree import ElementTree

import openpyxl
from icalendar import Calendar

from services.directory.exports.feeds import ATOM
from services.directory.imports.job import Adopting
from tests.service.directory.centre import CITIZEN, Centre, Json

EVERY_TUESDAY = {"weekday": 1, "from": "19:00", "to": "21:00", "every": "week"}


async def shown(centre: Centre) -> tuple[Json, Json]:
    cafe = await centre.organisation(name="Café Klare", public_phone="20123456")
    activity = await centre.activity(
        cafe, schedules=[EVERY_TUESDAY], price=0, website="https://klare.dk", companion_welcome=True
    )
    await centre.activity(cafe, published=False, title="En kladde")
    return cafe, activity


async def rows(centre: Centre, path: str, who: dict[str, str] = CITIZEN) -> list[dict[str, str]]:
    answer = await centre.get(path, who)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


async def test_everybody_gets_what_is_public_and_staff_get_all(centre: Centre) -> None:
    cafe, activity = await shown(centre)
    closed = await centre.organisation(name="Lukket")
    await centre.done(f"organisations/{closed['id']}/close")
    await centre.made("premises", {"organisation_id": cafe["id"], "name": "Salen", "accessibility": ["step_free"]})

    public = await rows(centre, "exports/organisations.csv")
    assert [each["Forening"] for each in public] == ["Café Klare"]
    assert [each["Forening"] for each in await rows(centre, "exports/organisations.csv", centre.staff)] == [
        "Café Klare", "Lukket",
    ]  # fmt: skip
    [told] = await rows(centre, "exports/activities.csv")
    assert (told["Aktivitet"], told["Forening"], told["Tidspunkt"], told["Ledsager velkommen"]) == (
        "Spis sammen i Vollsmose", "Café Klare", "tirsdag 19:00-21:00", "ja",
    )  # fmt: skip
    drafts = await rows(centre, "exports/activities.csv", centre.staff)
    assert [each["Tilstand"] for each in drafts] == ["published", "draft"]
    [room] = await rows(centre, "exports/premises.csv")
    assert (room["Lokale"], room["Lokalets tilgængelighed"]) == ("Salen", "step_free")

    lines = (await centre.get("exports/activities.ndjson")).text.splitlines()
    [document] = [json.loads(line) for line in lines]
    assert (document["id"], document["languages"]) == (activity["id"], ["da", "ar"])
    assert document["schedules"][0]["weekday"] == 1
    book = await centre.get("exports/activities.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).active
    assert [cell.value for cell in sheet[2]][:3] == [activity["id"], "Spis sammen i Vollsmose", cafe["id"]]
    assert (await centre.get("exports/organisations.pdf")).status_code == 422
    assert (await centre.get("exports/memberships.csv")).status_code == 422


async def test_what_a_spreadsheet_would_run_is_text(centre: Centre) -> None:
    for sign in "=+-@":
        await centre.organisation(name=f"{sign}SUM(A1:A9)", description=" =1+1")

    told = await rows(centre, "exports/organisations.csv")
    book = await centre.get("exports/organisations.xlsx")

    assert [each["Forening"] for each in told] == [f"'{sign}SUM(A1:A9)" for sign in "=+-@"]
    assert not any(
        cell.data_type == "f" for row in openpyxl.load_workbook(io.BytesIO(book.content)).active for cell in row
    )


async def test_an_export_is_read_back_by_an_import(centre: Centre) -> None:
    cafe, activity = await shown(centre)
    file = (await centre.get("exports/activities.csv")).content
    other = centre.neighbour()

    answer = await other.call("POST", "imports", other.staff, content=file)
    await other.post(f"imports/{answer.json()['id']}/adopt")
    while await Adopting(other.database).round():
        pass

    [again] = await other.found("activities")
    same = ("title", "description", "themes", "target_groups", "languages", "price", "schedules", "companion_welcome")
    assert {field: again[field] for field in same} == {field: activity[field] for field in same}
    [owner] = await other.found("organisations")
    assert owner["name"] == cafe["name"]
    at_home = await centre.call("POST", "imports", centre.staff, content=file)
    assert at_home.json()["counts"]["unchanged"] == 1


async def test_what_is_new_is_a_feed(centre: Centre) -> None:
    cafe, _ = await shown(centre)
    await centre.activity(cafe, title="Nyest <&> størst")

    answer = await centre.get("exports/new.atom")

    assert answer.headers["content-type"] == "application/atom+xml"
    feed = ElementTree.fromstring(answer.content)  # noqa: S314 our own
    assert [each.text for each in feed.iter(f"{{{ATOM}}}title")][1:] == ["Nyest <&> størst", "Spis sammen i Vollsmose"]
    for entry in feed.iter(f"{{{ATOM}}}entry"):
        assert {child.tag.removeprefix(f"{{{ATOM}}}") for child in entry} >= {
            "id",
            "title",
            "updated",
            "author",
            "link",
        }


async def test_the_calendar_holds_what_repeats(centre: Centre) -> None:
    _, activity = await shown(centre)

    answer = await centre.get("exports/activities.ics", theme="fællesspisning", locality="vollsmose")
    other = await centre.get("exports/activities.ics", theme="noget-andet")

    calendar = Calendar.from_ical(answer.content)
    [event] = calendar.events
    assert event["RRULE"].to_ical() == b"FREQ=WEEKLY;BYDAY=TU"
    assert event.uid.startswith(activity["id"])
    assert f"{event.DTSTART:%a %H:%M}" == "Tue 19:00"
    assert len(calendar.walk("VTIMEZONE")) == 1
    assert Calendar.from_ical(other.content).walk("VEVENT") == []


async def test_the_list_can_stand_in_a_frame_in_other_colours(centre: Centre) -> None:
    cafe, _ = await shown(centre)
    await centre.activity(cafe, title="<script>alert(1)</script>")

    answer = await centre.get("exports/list", accent="aa0000", font="serif", language="en")

    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "--accent: #aa0000" in answer.text
    assert "<script>" not in answer.text
    assert "tuesday 19:00" in answer.text.lower()
    for bad in ({"accent": "red;}"}, {"font": "comic"}, {"limit": 201}):
        assert (await centre.get("exports/list", **bad)).status_code == 422


async def test_the_booklet_is_by_theme_and_place(centre: Centre) -> None:
    cafe, _ = await shown(centre)
    await centre.activity(cafe, title="Kor", themes=["sang", "fællesspisning"], locality="Bolbro")

    answer = await centre.get("exports/print")

    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    page = answer.text
    order = ["<h2>Fællesspisning", "<h3>Bolbro", "<h4>Kor", "<h3>Vollsmose", "<h4>Spis sammen", "<h2>Sang", "<h4>Kor"]
    place = -1
    for sign in order:
        place = page.index(sign, place + 1)
    assert "+4520123456" in page


async def test_an_old_id_chooses_as_the_new_one(centre: Centre) -> None:
    cafe, activity = await shown(centre)
    kept = await centre.organisation(name="Café Klare i Vollsmose")
    await centre.made("merges", {"kept_id": kept["id"], "merged_id": cafe["id"]})

    for id in (cafe["id"], kept["id"]):
        answer = await centre.get("exports/activities.ics", organisation_id=id)
        assert activity["id"] in answer.text
