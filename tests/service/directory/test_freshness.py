"""Freshness that acts: what nobody confirms is asked for, sinks, hides, and is back with one tap."""

from datetime import date
from uuid import UUID

import pytest
import time_machine

from services.directory.freshness.rounds import Rounds
from services.directory.premises.models import Premises
from shared.ids import uuid7
from tests.service.directory.centre import CAFE, NOBODY, Centre, Json, fields_of, kinds
from tests.service.directory.keeping import Letter, letters, on, post, round_on, share, speaks, standing

SPRING = "2026-03-02"


async def two_entries(centre: Centre) -> tuple[Json, Json]:
    """A café with an evening that it published the same day, for which Mona answers."""
    async with on(SPRING):
        cafe = await centre.organisation()
        meal = await centre.activity(cafe)
    await speaks(centre, cafe)
    return cafe, meal


async def test_what_nobody_confirms_is_asked_for_sinks_and_hides_and_one_tap_brings_it_back(centre: Centre) -> None:
    cafe, meal = await two_entries(centre)
    await round_on(centre, "2026-09-01")
    assert await share(centre) == (2, 2)

    # Half a year later Mona is asked about the evening. Opening the link, as a mail scanner does, answers nothing.
    await round_on(centre, "2026-09-02")
    await round_on(centre, "2026-09-02")
    (kind, contact), (asked, told) = await post(centre)
    assert (kind, asked) == ("shared", "requested")
    assert contact
    assert (contact["email"], contact["about"]) == ("mona@example.dk", meal["title"])
    assert told
    assert told["entries"] == 1
    letter = Letter(centre, contact["manage_url"])
    for _ in range(2):
        assert (await letter.reads()).json()["entries"][0]["answer"] is None
    assert await standing(centre, "activities", meal["id"]) == ("asked", None)
    assert await share(centre) == (1, 2)

    # Silence: once more, then last in the search, then in no list; but its link answers, with a note.
    await round_on(centre, "2026-09-16")
    assert [kind for kind, _ in await post(centre)] == ["reminded"]
    await round_on(centre, "2026-09-30")
    assert (await standing(centre, "activities", meal["id"]))[0] == "sunk"
    assert [call["why"] for call in (await centre.get("freshness/call-list", centre.staff)).json()["items"]] == [
        "silent"
    ]
    other = await centre.activity(cafe, title="Fællesspisning uden tilmelding")
    assert [found["id"] for found in await centre.found("activities", q=meal["title"])][-1] == meal["id"]
    assert [found["id"] for found in await centre.found("activities")] == [other["id"], meal["id"]]
    await centre.done(f"activities/{other['id']}/withdraw")
    await round_on(centre, "2026-11-29")
    assert [kind for kind, _ in await post(centre)] == ["lapsed"]
    assert await centre.found("activities") == []
    assert (await centre.get("hsds/services")).json()["total_items"] == 0
    hidden = (await centre.get(f"activities/{meal['id']}")).json()
    assert (hidden["state"], hidden["freshness"]) == ("published", "hidden")
    assert "Ingen har bekræftet" in hidden["note"]["da"]

    async with on("2026-12-01"):
        answer = await letter.says(meal, "still_right")
    assert answer.json()["entries"][0]["answer"] == "still_right"
    assert [found["id"] for found in await centre.found("activities")] == [meal["id"]]
    (service,) = (await centre.get("hsds/services")).json()["contents"]
    assert (service["id"], service["assured_date"]) == (meal["id"], "2026-12-01")
    assert await standing(centre, "activities", meal["id"]) == ("fresh", "2026-12-01")
    assert await share(centre) == (2, 2)
    assert [kind for kind, _ in kinds(await centre.stated(meal["id"]))] == [
        "activity.published",
        "activity.expired",
        "activity.confirmed",
    ]
    # All is answered, so the address goes out of the post office again, and the link answers nothing more.
    assert [kind for kind, _ in await post(centre)] == ["erased"]
    assert (await letter.says(meal, "closed")).json()["type"].endswith("already-answered")


async def test_a_worker_that_was_away_skips_no_step(centre: Centre) -> None:
    _, meal = await two_entries(centre)

    for state in ("asked", "asked_again", "sunk", "hidden"):
        await round_on(centre, {"asked": "2027-06-01", "asked_again": "2028-06-01", "sunk": "2029-06-01"}.get(
            state, "2030-06-01"))  # fmt: skip
        assert (await standing(centre, "activities", meal["id"]))[0] == state


async def test_one_owner_gets_one_letter_about_everything_that_is_due_soon(centre: Centre) -> None:
    async with on(SPRING):
        cafe, choir = await centre.organisation(), await centre.organisation(name="Koret")
        first = await centre.activity(cafe, title="Spis sammen")
        song = await centre.activity(choir, title="Syng sammen")
        other = await centre.organisation(name="Skak")
    async with on("2026-03-20"):
        later = await centre.activity(cafe, title="Dans sammen")
    await speaks(centre, cafe, "Mona@example.dk")
    await speaks(centre, choir, "mona@example.dk", language="en")
    await speaks(centre, other, "aage@example.dk")

    await round_on(centre, "2026-09-02")

    (kind, contact), (_, told) = await post(centre)
    assert kind == "shared"
    assert contact
    assert told
    assert (contact["about"], told["entries"]) == ("Spis sammen, Syng sammen, Dans sammen", 3)
    asked = (await Letter(centre, contact["manage_url"]).reads()).json()
    assert [entry["id"] for entry in asked["entries"]] == [first["id"], song["id"], later["id"]]


async def test_not_everybody_is_asked_on_one_day(centre: Centre) -> None:
    async with on(SPRING):
        for number in range(12):
            club = await centre.organisation(name=f"Klub {number}")
            await speaks(centre, club, f"klub{number}@example.dk")
    await round_on(centre, "2027-03-02")
    first = len(await letters(centre))
    await round_on(centre, "2027-03-02")
    again = len(await letters(centre))
    await round_on(centre, "2027-03-03")

    assert (first, again, len(await letters(centre))) == (10, 0, 2)


async def test_only_a_confirmation_moves_the_day_of_assurance(centre: Centre) -> None:
    cafe, meal = await two_entries(centre)
    async with on("2026-05-01"):
        await centre.patch(f"organisations/{cafe['id']}", {"name": "Café Klare og venner"})
        await centre.patch(f"activities/{meal['id']}", {"title": "Spis med os"})
    # As an import writes it.
    await centre.run(f"update organisations set source = 'gammel-side', source_id = '7' where id = '{cafe['id']}'")
    assert await standing(centre, "organisations", cafe["id"]) == ("fresh", None)
    assert await standing(centre, "activities", meal["id"]) == ("fresh", None)

    async with on("2026-05-02"):
        confirmed = await centre.done(f"organisations/{cafe['id']}/confirm")
        own = centre.association(cafe["id"])
        by_owner = (await centre.post(f"activities/{meal['id']}/confirm", None, own)).json()
        again = (await centre.post(f"activities/{meal['id']}/confirm", None, own)).json()

    assert (confirmed["assured_on"], confirmed["assured_by"]) == ("2026-05-02", "staff")
    assert (by_owner["assured_on"], by_owner["assured_by"]) == ("2026-05-02", "owner")
    assert again == by_owner
    assert [kind for kind, _ in kinds(await centre.stated(cafe["id"]))][-1] == "organisation.confirmed"


async def test_what_came_from_elsewhere_is_asked_about_at_once(centre: Centre) -> None:
    async with on(SPRING):
        cafe = await centre.organisation()
    await speaks(centre, cafe)
    await centre.run(f"update organisations set source = 'gammel-side' where id = '{cafe['id']}'")

    await round_on(centre, SPRING)

    assert len(await letters(centre)) == 1


async def test_what_a_partner_sends_is_the_partners_to_assure(centre: Centre) -> None:
    await two_entries(centre)
    await centre.run("update activities set assured_by = 'partner', assured_on = '2020-01-01'")

    await round_on(centre, "2026-09-02")

    assert await post(centre) == []
    assert await share(centre) == (1, 1)


async def test_closed_withdraws_an_activity_and_can_be_taken_back(centre: Centre) -> None:
    _, meal = await two_entries(centre)
    await round_on(centre, "2026-09-02")
    (letter,) = await letters(centre)

    async with on("2026-09-03"):
        answer = (await letter.says(meal, "closed")).json()["entries"][0]
        assert (answer["answer"], answer["may_undo"]) == ("closed", True)
        assert await centre.found("activities") == []
        back = (await letter.undoes(meal)).json()["entries"][0]

    assert (back["answer"], back["freshness"]) == (None, "asked")
    assert [found["id"] for found in await centre.found("activities")] == [meal["id"]]
    assert (await letter.undoes(meal)).json()["type"].endswith("nothing-to-undo")
    async with on("2026-09-04"):
        assert (await letter.says(meal, "still_right")).status_code == 200


async def test_a_closing_is_not_taken_back_after_a_month(centre: Centre) -> None:
    _, meal = await two_entries(centre)
    await round_on(centre, "2026-09-02")
    (letter,) = await letters(centre)
    async with on("2026-09-03"):
        await letter.says(meal, "closed")

    async with on("2026-10-04"):
        refused = await letter.undoes(meal)

    assert refused.status_code == 409


async def test_an_organisation_that_says_it_is_closed_is_hidden_and_staff_do_the_rest(centre: Centre) -> None:
    cafe, meal = await two_entries(centre)
    await centre.made("memberships", {"organisation_id": cafe["id"], "kind": "member"})
    await round_on(centre, "2027-03-02")
    (letter,) = await letters(centre)

    async with on("2027-03-03"):
        await letter.says(cafe, "closed")

    assert await centre.found("organisations") == []
    assert (await centre.get(f"organisations/{cafe['id']}")).json()["closed_on"] is None
    assert [membership["ended_on"] for membership in await centre.found("memberships", centre.staff)] == [None]
    calls = (await centre.get("freshness/call-list", centre.staff)).json()["items"]
    assert [(call["id"], call["why"]) for call in calls] == [(cafe["id"], "closed")]
    async with on("2027-03-04"):
        await letter.undoes(cafe)
    assert [found["id"] for found in await centre.found("organisations")] == [cafe["id"]]
    assert meal


async def test_what_has_changed_is_told_to_staff_and_the_time_to_answer_begins_anew(centre: Centre) -> None:
    _, meal = await two_entries(centre)
    await round_on(centre, "2026-09-02")
    (letter,) = await letters(centre)

    async with on("2026-09-10"):
        said = (await letter.says(meal, "changed", note="Nu om onsdagen")).json()["entries"][0]

    assert (said["answer"], said["changed_on"]) == (None, "2026-09-10")
    # An editor is mailed the link to edit by; the letter's own opens nothing to be edited.
    (mailed,) = [data for _, data in await post(centre) if data]
    assert f"/directory/{centre.tenant}/edit#" in mailed["manage_url"]
    (call,) = (await centre.get("freshness/call-list", centre.staff)).json()["items"]
    assert (call["why"], call["note"], call["contact"], call["email"]) == (
        "changed",
        "Nu om onsdagen",
        "Mona Friis",
        "mona@example.dk",
    )
    await round_on(centre, "2026-09-17")
    assert (await standing(centre, "activities", meal["id"]))[0] == "asked"
    async with on("2026-09-18"):
        await centre.patch(f"activities/{meal['id']}", {"title": "Spis sammen om onsdagen"})
        await letter.says(meal, "still_right")
    assert (await centre.get("freshness/call-list", centre.staff)).json()["items"] == []


async def test_whom_nobody_can_ask_is_on_the_call_list_and_sinks_but_is_never_hidden(centre: Centre) -> None:
    async with on(SPRING):
        cafe = await centre.organisation(name="=Klare")
    await round_on(centre, "2027-03-02")

    (call,) = (await centre.get("freshness/call-list", centre.staff)).json()["items"]
    assert (call["why"], call["contact"]) == ("no_address", None)
    for day in ("2027-03-30", "2028-03-30", "2029-03-30"):
        await round_on(centre, day)
    assert (await standing(centre, "organisations", cafe["id"]))[0] == "sunk"
    listed = await centre.get("freshness/call-list", centre.staff | {"accept-language": "da"}, format="csv")
    assert listed.headers["content-type"].startswith("text/csv")
    assert "organisation;'=Klare;'=Klare;ingen at spørge" in listed.content.decode("utf-8-sig")

    # Somebody is found, and is asked before anything else happens.
    await speaks(centre, cafe)
    await round_on(centre, "2029-03-31")
    assert (await standing(centre, "organisations", cafe["id"]))[0] == "asked"


async def test_a_call_is_as_good_as_a_tap(centre: Centre) -> None:
    _, meal = await two_entries(centre)
    await round_on(centre, "2026-09-02")
    (letter,) = await letters(centre)

    async with on("2026-09-03"):
        await centre.done(f"activities/{meal['id']}/confirm")

    assert [kind for kind, _ in await post(centre)] == ["erased"]
    assert (await letter.reads()).json()["entries"][0]["answer"] == "elsewhere"
    assert (await letter.says(meal, "closed")).status_code == 409


async def test_what_is_withdrawn_meanwhile_is_asked_about_no_more(centre: Centre) -> None:
    _, meal = await two_entries(centre)
    await round_on(centre, "2026-09-02")
    await post(centre)
    async with on("2026-09-03"):
        await centre.done(f"activities/{meal['id']}/withdraw")

    await round_on(centre, "2026-09-16")

    assert [kind for kind, _ in await post(centre)] == ["erased"]


async def test_what_is_published_anew_is_as_good_as_new_and_not_assured(centre: Centre) -> None:
    _, meal = await two_entries(centre)
    for day in ("2026-09-02", "2026-09-16", "2026-09-30", "2026-11-29"):
        await round_on(centre, day)
    async with on("2026-12-01"):
        await centre.done(f"activities/{meal['id']}/withdraw")
        await centre.done(f"activities/{meal['id']}/publish")

    assert await standing(centre, "activities", meal["id"]) == ("fresh", None)
    await round_on(centre, "2027-02-01")
    assert (await standing(centre, "activities", meal["id"]))[0] == "fresh"


async def test_whoever_has_left_is_asked_no_more_and_a_successor_is(centre: Centre) -> None:
    cafe, meal = await two_entries(centre)
    await round_on(centre, "2026-09-02")
    (old,) = await letters(centre)
    await centre.run("update contact_roles set ended_on = '2026-09-05'")
    assert (await old.reads()).status_code == 404
    await speaks(centre, cafe, "ny@example.dk")

    await round_on(centre, "2026-09-06")

    sent = await post(centre)
    assert [kind for kind, _ in sent] == ["erased", "shared", "requested"]
    assert sent[1][1]
    assert sent[1][1]["email"] == "ny@example.dk"
    assert meal


@pytest.mark.parametrize("token", [None, "wrong"])
async def test_a_letter_is_for_whoever_holds_its_link(centre: Centre, token: str | None) -> None:
    _, meal = await two_entries(centre)
    await round_on(centre, "2026-09-02")
    (letter,) = await letters(centre)
    held = {"x-assurance-token": token} if token else {}
    expected = 404 if token else 401

    said = await centre.post(f"askings/{letter.id}/answers", {"entry_id": meal["id"], "answer": "closed"}, held)

    assert said.status_code == expected
    assert (await centre.get(f"askings/{letter.id}", held)).status_code == expected
    assert (await centre.neighbour().get(f"askings/{letter.id}", letter.held)).status_code == 404


async def test_a_link_answers_for_what_its_letter_asks_about_and_nothing_else(centre: Centre) -> None:
    cafe, _ = await two_entries(centre)
    await round_on(centre, "2026-09-02")
    (letter,) = await letters(centre)

    assert (await letter.says(cafe, "closed")).status_code == 404
    assert (await letter.says({"id": NOBODY}, "closed")).status_code == 404


async def test_an_association_confirms_its_own_and_nothing_else(centre: Centre) -> None:
    cafe, meal = await two_entries(centre)
    other = await centre.organisation(name="Skak")
    who = centre.association(other["id"])

    assert (await centre.post(f"activities/{meal['id']}/confirm", None, who)).status_code == 403
    assert (await centre.post(f"organisations/{cafe['id']}/confirm", None, who)).status_code == 403
    draft = await centre.activity(cafe, published=False)
    assert (await centre.post(f"activities/{draft['id']}/confirm")).json()["type"].endswith("not-shown")
    stale = await centre.post(f"activities/{meal['id']}/confirm", **{"if-match": '"1"'})
    assert stale.status_code == 412


async def test_a_centre_says_how_long_each_kind_stays_fresh(centre: Centre) -> None:
    _, meal = await two_entries(centre)
    refused = await centre.call(
        "PUT", "freshness/policy", centre.staff, {"organisation": 0, "activity": 61, "premises": None}
    )
    assert (refused.status_code, fields_of(refused)) == (422, ["organisation", "activity"])

    wanted = {"organisation": None, "activity": 1, "premises": 24}
    assert (await centre.call("PUT", "freshness/policy", centre.staff, wanted)).json() == wanted
    await round_on(centre, "2026-04-02")

    assert (await standing(centre, "activities", meal["id"]))[0] == "asked"
    assert (await centre.get("freshness/policy", centre.staff)).json() == wanted
    assert (await centre.get("freshness")).json()["policy"] == wanted


async def test_nothing_happens_at_night() -> None:
    class NoDatabase:
        def transaction(self, tenant: str) -> None:
            raise AssertionError("nobody asks at night")

    # 08:59 in Denmark, on the day after the clocks went forward.
    with time_machine.travel("2026-03-30T06:59:00Z", tick=False):
        await Rounds(NoDatabase(), "").go()  # type: ignore[arg-type]


async def test_premises_grow_old_as_well_and_those_of_nobody_are_staffs_to_look_after(centre: Centre) -> None:
    async with on(SPRING):
        cafe = await centre.organisation()
    await speaks(centre, cafe)
    rooms = {name: str(uuid7()) for name in ("hall", "kitchen")}
    async with centre.database.transaction(centre.tenant) as session:
        for name, owner in (("hall", cafe["id"]), ("kitchen", None)):
            session.add(
                Premises(
                    tenant=centre.tenant,
                    id=UUID(rooms[name]),
                    organisation_id=owner and UUID(owner),
                    name=name,
                    registered_on=date(2026, 3, 2),
                    entered_on=date(2026, 3, 2),
                )
            )

    await round_on(centre, "2027-03-02")

    (letter,) = await letters(centre)
    assert [entry["title"] for entry in (await letter.reads()).json()["entries"]] == [CAFE["name"], "hall"]
    calls = (await centre.get("freshness/call-list", centre.staff)).json()["items"]
    assert [(call["title"], call["why"]) for call in calls] == [("kitchen", "no_address")]
    async with on("2027-03-03"):
        assert (await letter.says({"id": rooms["hall"]}, "still_right")).status_code == 200
        confirmed = await centre.done(f"premises/{rooms['kitchen']}/confirm")
    assert (confirmed["assured_on"], confirmed["freshness"]) == ("2027-03-03", "fresh")
    assert kinds(await centre.stated(rooms["hall"])) == [("premises.confirmed", 2)]
    assert (await centre.get("freshness/call-list", centre.staff)).json()["items"] == []
