"""Associations are told of funders' deadlines: one letter to each, not twice, not what was moved, and a way out."""

import asyncio
import json
from typing import Any

import time_machine
from icalendar import Calendar
from sqlalchemy import text

from services.directory.funding.rounds import Announcing
from services.directory.funding.usecases import announce
from tests.service.directory.centre import Centre, Json, fields_of
from tests.service.directory.keeping import PUBLIC, on, speaks

TODAY, A_WEEK_ON, LATER = "2026-11-02", "2026-11-09", "2026-11-30"
LINE = "1. december 2026: §18-midler (Ældrepuljen på Ærø) https://odense.dk/18"


async def funder(centre: Centre, **more: Any) -> Json:
    return await centre.organisation(name="Ældrepuljen på Ærø", kind="funder", sector="public", **more)


async def noted(centre: Centre, fund: Json, due_on: str = "2026-12-01", title: str = "§18-midler", **more: Any) -> Json:
    body = {"organisation_id": fund["id"], "title": title, "due_on": due_on, "website": "https://odense.dk/18"}
    return await centre.made("funding-deadlines", body | more)


async def morning(centre: Centre, day: str = TODAY, workers: int = 1) -> None:
    async def work() -> None:
        async with centre.database.transaction(centre.tenant) as session:
            await announce(session, centre.tenant, PUBLIC)

    async with on(day):
        await asyncio.gather(*(work() for _ in range(workers)))


async def post(centre: Centre) -> list[tuple[str, str, Json]]:
    """What went to notify since we looked last, in order: contact id, kind, data."""
    async with centre.database.transaction(centre.tenant) as session:
        rows = await (await session.connection()).execute(
            text(
                "delete from outbox where type like 'kompas.contacts.%' or type like 'kompas.directory.funding.%'"
                " returning id, key, type, payload"
            )
        )
        found = sorted(rows.all())
    kinds = {"contacts": "shared", "directory": "announced"}
    return [(row.key, kinds[row.type.split(".")[1]] if row.payload else "erased", _data(row.payload)) for row in found]


def _data(payload: bytes | None) -> Json:
    return dict(json.loads(payload)["data"]) if payload else {}


async def letters(centre: Centre) -> dict[str, Json]:
    """By address, what was shared with notify for a letter."""
    return {data["email"]: data for _, kind, data in await post(centre) if kind == "shared" and "about" in data}


class Letter:
    def __init__(self, centre: Centre, manage_url: str) -> None:
        address, _, fragment = manage_url.partition("#")
        assert address.endswith(f"/directory/{centre.tenant}/funding")
        self.centre = centre
        id, self.token = fragment.split(".")
        self.path = f"funding-letters/{id}"

    async def reads(self) -> Any:
        return await self.centre.get(self.path, {"x-letter-token": self.token})

    async def wants(self, wanted: bool) -> Any:
        return await self.centre.call("PUT", self.path, {"x-letter-token": self.token}, {"wanted": wanted})


async def test_each_association_gets_one_letter_about_all_of_them_and_none_gets_it_again(centre: Centre) -> None:
    fund = await funder(centre)
    cafe, choir = await centre.organisation(), await centre.organisation(name="Ærø Kor")
    await speaks(centre, cafe)
    await speaks(centre, choir, "MONA@example.dk")  # The same person.
    await speaks(centre, cafe, "kasserer@example.dk", role="contact")
    night = await centre.organisation(name="Natteravnene")
    await speaks(centre, night, "bo@example.dk", role="chair", language="en")
    for others in (fund, await centre.company(), await centre.organisation(name="Skolen", sector="public")):
        await speaks(centre, others, "ingen@example.dk")
    await noted(centre, fund)
    await noted(centre, fund, "2026-12-20", "Julepuljen", website=None)
    await noted(centre, fund, "2027-02-01", "Vinterpuljen")

    # Two workers at once, one that comes later, and one the next day.
    await morning(centre, workers=2)
    told = await post(centre)
    await morning(centre)
    await morning(centre, "2026-11-03")

    assert await post(centre) == []
    shared = {data["email"]: data for _, kind, data in told if kind == "shared"}
    assert set(shared) == {"mona@example.dk", "bo@example.dk"}
    assert shared["mona@example.dk"]["about"] == f"{LINE}\n20. december 2026: Julepuljen (Ældrepuljen på Ærø)"
    assert shared["bo@example.dk"]["about"].startswith("1 December 2026: §18-midler")
    contacts = {key for key, kind, _ in told if kind == "shared"}
    announced = [data for _, kind, data in told if kind == "announced"]
    assert {data["contact_id"] for data in announced} == contacts
    assert len(announced) == 2
    assert [(data["deadlines"], data["last_day"]) for data in announced] == [(2, "2026-12-20")] * 2
    assert "Mona" not in json.dumps(announced)

    # A week before, once more, and only that; where the first letter went is forgotten by then.
    await morning(centre, A_WEEK_ON)
    assert {kind for _, kind, _ in await post(centre)} == {"erased"}
    await morning(centre, "2026-11-24")
    assert (await letters(centre))["mona@example.dk"]["about"] == LINE


async def test_a_letter_that_waits_names_nothing_that_was_moved_or_removed(centre: Centre) -> None:
    fund, cafe = await funder(centre), await centre.organisation()
    await speaks(centre, cafe)
    spring, autumn = await noted(centre, fund), await noted(centre, fund, "2026-12-05", "Efterårspuljen")
    await morning(centre)
    ((contact, _, first), _) = await post(centre)

    async with on(TODAY, "13:00"):
        moved = await centre.patch(f"funding-deadlines/{autumn['id']}", {"due_on": "2027-01-03"})
        ((again, _, left),) = await post(centre)
        # A word that is corrected changes no day.
        await centre.patch(f"funding-deadlines/{spring['id']}", {"title": "§ 18-midler"})
        assert await post(centre) == []
        gone = await centre.call("DELETE", f"funding-deadlines/{spring['id']}", centre.staff)

    assert (moved.status_code, gone.status_code, again) == (200, 204, contact)
    assert (first["about"].count("\n"), left["about"]) == (1, LINE)
    assert [(key, kind) for key, kind, _ in await post(centre)] == [(contact, "erased")]
    # Whichever of the two mails went out, its link works.
    for shared in (first, left):
        assert (await Letter(centre, shared["manage_url"]).reads()).status_code == 200
    # The new day is told of when its time comes, and what is removed never.
    await morning(centre, "2026-12-04")
    assert "3. januar 2027: Efterårspuljen" in (await letters(centre))["mona@example.dk"]["about"]


async def test_what_was_moved_before_anybody_was_told_or_whose_funder_closed_is_not_told(centre: Centre) -> None:
    fund, closing, cafe = await funder(centre), await funder(centre), await centre.organisation()
    await speaks(centre, cafe)
    moved, removed = await noted(centre, fund), await noted(centre, fund)
    await noted(centre, closing)
    await centre.patch(f"funding-deadlines/{moved['id']}", {"due_on": "2027-06-01"})
    await centre.call("DELETE", f"funding-deadlines/{removed['id']}", centre.staff)
    await centre.done(f"organisations/{closing['id']}/close", {})

    await morning(centre)

    assert await letters(centre) == {}


async def test_one_tap_ends_it_for_the_association_and_another_begins_it_again(centre: Centre) -> None:
    fund, cafe, choir = await funder(centre), await centre.organisation(), await centre.organisation(name="Koret")
    role = await speaks(centre, cafe)
    await speaks(centre, cafe, "bo@example.dk", role="chair")
    await speaks(centre, choir, "anna@example.dk")
    await noted(centre, fund, note="Ring først")
    await morning(centre)
    shared = await letters(centre)
    letter = Letter(centre, shared["mona@example.dk"]["manage_url"])

    async with on(TODAY, "13:00"):
        read = (await letter.reads()).json()
        stopped = await letter.wants(False)
        erased = [kind for _, kind, _ in await post(centre)]

    due = {"funder": "Ældrepuljen på Ærø", "due_on": "2026-12-01", "website": "https://odense.dk/18"}
    assert read == {
        "language": "da", "wanted": True, "deadlines": [{"title": "§18-midler", "note": "Ring først", **due}],
    }  # fmt: skip
    assert (stopped.status_code, stopped.json()["wanted"]) == (200, False)
    assert erased == ["erased"], "a letter that still waits is not sent"
    await morning(centre, "2026-11-24")
    assert set(await letters(centre)) == {"anna@example.dk"}, "nor does anybody else at the café get one instead"

    await letter.wants(True)
    contacts = (await centre.get(f"organisations/{cafe['id']}/contacts", centre.staff)).json()["items"]
    assert {each["email"]: each["funding_news"] for each in contacts} == {
        "mona@example.dk": True, "bo@example.dk": False,
    }  # fmt: skip
    wrong = Letter(centre, shared["mona@example.dk"]["manage_url"] + "x")
    assert [(await wrong.reads()).status_code, (await centre.get(letter.path)).status_code] == [404, 401]
    await centre.post(f"organisations/{cafe['id']}/contacts/{role}/end", {})
    assert (await letter.reads()).status_code == 404


async def test_staff_choose_when_and_whether_and_whom(centre: Centre) -> None:
    fund, cafe = await funder(centre), await centre.organisation()
    editor = await speaks(centre, cafe)
    await speaks(centre, cafe, "kasserer@example.dk", role="contact")
    await centre.patch(f"organisations/{cafe['id']}/contacts/{editor}", {"funding_news": False})
    await noted(centre, fund)
    path, off = "funding-deadlines/policy", {"first": None, "last": None}
    default = await centre.get(path, centre.staff)
    wrong = await centre.call("PUT", path, centre.staff, {"first": 7, "last": 7})
    refused = await centre.call("PUT", path, centre.association(cafe["id"]), off)

    chosen = await centre.call("PUT", path, centre.staff, off)
    await morning(centre)
    silent = await letters(centre)
    await centre.call("PUT", path, centre.staff, {"first": 60, "last": None})
    await morning(centre)

    assert default.json() == {"first": 30, "last": 7}
    assert (wrong.status_code, len(fields_of(wrong)), refused.status_code) == (422, 1, 403)
    assert (chosen.json(), silent) == (off, {})
    assert set(await letters(centre)) == {"kasserer@example.dk"}


async def test_what_comes_every_year_is_told_of_every_year(centre: Centre) -> None:
    fund, cafe = await funder(centre), await centre.organisation()
    await speaks(centre, cafe)
    made = await noted(centre, fund, yearly=True)
    await noted(centre, fund, "2026-12-02", "Kun i år")

    told = []
    for day in (TODAY, "2026-12-03", "2027-11-02"):
        await morning(centre, day)
        told += [data["about"].splitlines() for data in (await letters(centre)).values()]

    assert told == [[LINE, "2. december 2026: Kun i år (Ældrepuljen på Ærø) https://odense.dk/18"],
                    [LINE.replace("2026", "2027")]]  # fmt: skip
    found = await centre.found("funding-deadlines", centre.staff)
    assert {each["title"]: (each["due_on"], each["yearly"]) for each in found} == {
        "§18-midler": ("2027-12-01", True), "Kun i år": ("2026-12-02", False),
    }  # fmt: skip
    assert made["due_on"] == "2026-12-01"


async def test_deadlines_are_a_calendar_of_whole_days_that_tells_what_was_moved_and_removed(centre: Centre) -> None:
    fund = await funder(centre)
    async with on("2026-10-20"):
        # The day on which the clocks go back has 25 hours, and is one day.
        kept, gone = await noted(centre, fund, "2026-10-25"), await noted(centre, fund, "2026-12-24", "Julepuljen")
        await centre.patch(f"funding-deadlines/{kept['id']}", {"title": "§18-midler, æøå"})
        await centre.call("DELETE", f"funding-deadlines/{gone['id']}", centre.staff)
        answer = await centre.get("funding-deadlines/calendar.ics")

    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert [
        (
            str(each["summary"]),
            str(each.decoded("DTSTART")),
            str(each.decoded("DTEND")),
            each["sequence"],
            each["status"],
        )
        for each in events
    ] == [
        ("Ansøgningsfrist: §18-midler, æøå (Ældrepuljen på Ærø)", "2026-10-25", "2026-10-26", 2, "CONFIRMED"),
        ("Ansøgningsfrist: Julepuljen (Ældrepuljen på Ærø)", "2026-12-24", "2026-12-25", 2, "CANCELLED"),
    ]
    assert b"DTSTART;VALUE=DATE:20261025" in answer.content


async def test_nobody_is_written_to_at_night() -> None:
    class NoDatabase:
        def transaction(self, tenant: str) -> None:
            raise AssertionError("nobody writes at night")

    # 08:59 in Denmark, on the day after the clocks went back.
    with time_machine.travel("2026-10-26T07:59:00Z", tick=False):
        await Announcing(NoDatabase(), "").go()  # type: ignore[arg-type]


async def test_the_job_goes_to_every_centre_that_has_something_to_tell(centre: Centre) -> None:
    fund, cafe = await funder(centre), await centre.organisation()
    await speaks(centre, cafe)
    await noted(centre, fund)

    async with on(TODAY):
        await Announcing(centre.database, PUBLIC).go()

    assert set(await letters(centre)) == {"mona@example.dk"}
