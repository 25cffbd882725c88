"""Show 6: an association edits its own by token and by link; a review shows exactly what changes; nothing is lost."""

import json
from dataclasses import replace
from datetime import timedelta

import httpx2
import pytest
import time_machine
from fastapi import FastAPI

from services.directory.days import Days
from services.directory.editors.rules import LINKS_LAST
from shared.clock import now, today
from shared.guesses import WRONG_AN_HOUR
from tests.service.directory.centre import CITIZEN, MEAL, NOBODY, Centre, Json, fields_of, kinds
from tests.service.directory.links import AASE, linked, mailed

HALL = {"name": "Beboerhuset", "locality": "Vollsmose"}


@pytest.fixture(params=["token", "link"])
def way_in(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def editor(centre: Centre, organisation: Json, way_in: str) -> dict[str, str]:
    return centre.association(organisation["id"]) if way_in == "token" else await linked(centre, organisation)


async def test_an_editor_sees_and_changes_its_own_and_nothing_else(centre: Centre, way_in: str) -> None:
    cafe, choir = await centre.organisation(), await centre.organisation(name="Koret")
    own, others = await centre.activity(cafe, published=False), await centre.activity(choir, published=False)
    sung = await centre.activity(choir)
    hall = await centre.made("premises", HALL | {"organisation_id": choir["id"]})
    change = await centre.post(f"activities/{others['id']}/changes", {"title": "Syng"})
    aase = await editor(centre, cafe, way_in)

    done = [
        await centre.get(f"activities/{own['id']}", aase),
        await centre.patch(f"activities/{own['id']}", {"title": "Spis"}, aase),
        await centre.post(f"activities/{own['id']}/publish", None, aase),
        await centre.patch(f"organisations/{cafe['id']}", {"description": "Vi spiser"}, aase),
        await centre.get(f"activities/{own['id']}/versions", aase),
        await centre.get("changes", aase),
    ]
    hidden = [
        await centre.get(f"activities/{others['id']}", aase),
        await centre.patch(f"activities/{others['id']}", {"title": "Spis"}, aase),
        await centre.post(f"activities/{others['id']}/publish", None, aase),
        await centre.post(f"activities/{others['id']}/changes", {"title": "Spis"}, aase),
        await centre.get(f"activities/{others['id']}/versions", aase),
        await centre.get(f"changes/{change.json()['id']}", aase),
        await centre.post(f"changes/{change.json()['id']}/submit", None, aase),
        await centre.post(f"changes/{change.json()['id']}/drop", None, aase),
    ]
    refused = [
        await centre.patch(f"activities/{sung['id']}", {"title": "Spis"}, aase),
        await centre.post(f"activities/{sung['id']}/withdraw", None, aase),
        await centre.post(f"activities/{sung['id']}/restore", {"version": 1}, aase),
        await centre.post(f"activities/{sung['id']}/changes", {"title": "Spis"}, aase),
        await centre.post("activities", MEAL | {"organisation_id": choir["id"]}, aase),
        await centre.patch(f"organisations/{choir['id']}", {"name": "Spis"}, aase),
        await centre.post(f"organisations/{choir['id']}/changes", {"name": "Spis"}, aase),
        await centre.patch(f"premises/{hall['id']}", {"name": "Spis"}, aase),
        await centre.post(f"premises/{hall['id']}/close", None, aase),
        await centre.get("changes", aase, organisation_id=choir["id"]),
        await centre.get("activities", aase, organisation_id=choir["id"], state="draft"),
    ]

    assert [answer.status_code for answer in done] == [200] * len(done)
    assert [answer.status_code for answer in hidden] == [404] * len(hidden)
    assert [answer.status_code for answer in refused] == [403] * len(refused)
    assert done[-1].json()["items"] == []
    assert await centre.found("activities", aase, state="draft") == []
    assert (await centre.get(f"activities/{sung['id']}")).json() == sung


async def test_a_link_is_for_entries_and_not_for_people_or_staff(centre: Centre) -> None:
    cafe = await centre.organisation()
    aase = await linked(centre, cafe)

    answers = [
        await centre.get(f"organisations/{cafe['id']}/contacts", aase),
        await centre.post(f"organisations/{cafe['id']}/contacts", AASE, aase),
        await centre.get(f"organisations/{cafe['id']}/editor-links", aase),
        await centre.post("organisations", MEAL, aase),
        await centre.call("PUT", "review", aase, {"wanted": True}),
    ]

    assert [answer.status_code for answer in answers] == [401] * len(answers)


async def test_a_link_ends_by_time_by_hand_and_with_its_editor(centre: Centre) -> None:
    cafe = await centre.organisation()
    contacts = f"organisations/{cafe['id']}/contacts"
    first = await linked(centre, cafe)
    asked = {"headers": first}

    async def opens(link: dict[str, str]) -> bool:
        return (await centre.get("review", link)).status_code == 200

    (link,) = (await centre.get(f"organisations/{cafe['id']}/editor-links", centre.staff)).json()["items"]
    assert "token" not in json.dumps(link)
    assert await opens(first)
    with time_machine.travel(now() + LINKS_LAST, tick=False):
        assert not await opens(asked["headers"])
    await centre.done(f"organisations/{cafe['id']}/editor-links/{link['id']}/revoke")
    assert not await opens(first)

    second = await linked(centre, cafe)
    role = (await centre.get(contacts, centre.staff)).json()["items"][-1]
    await centre.patch(f"{contacts}/{role['id']}", {"email": "ny@example.dk"})
    assert not await opens(second)

    third = await linked(centre, cafe)
    role = (await centre.get(contacts, centre.staff)).json()["items"][-1]
    await centre.done(f"{contacts}/{role['id']}/end")
    assert not await opens(third)

    fourth = await linked(centre, cafe)
    assert not await opens({"x-editor-link": fourth["x-editor-link"][:-2]})
    assert (await centre.neighbour().get("review", fourth)).status_code == 404
    await centre.done(f"organisations/{cafe['id']}/close")
    assert not await opens(fourth)


async def test_whoever_guesses_links_is_stopped(app: FastAPI, centre: Centre) -> None:
    aase = await linked(centre, await centre.organisation())
    from_elsewhere = httpx2.ASGITransport(app, raise_app_exceptions=False, client=("2001:db8::7", 1))
    async with httpx2.AsyncClient(transport=from_elsewhere, base_url="http://directory") as client:
        guesser = replace(centre, client=client)
        wrong = {"x-editor-link": f"{NOBODY}.guess"}
        answers = [(await guesser.get("review", wrong)).status_code for _ in range(WRONG_AN_HOUR.amount)]
        stopped = await guesser.get("review", aase)

    assert set(answers) == {404}
    assert (stopped.status_code, stopped.headers["retry-after"]) == (429, "3600")
    assert (await centre.get("review", aase)).status_code == 200, "elsewhere it opens"


async def test_an_editor_asks_for_a_link_and_nobody_learns_whose_address_it_is(centre: Centre) -> None:
    cafe, choir = await centre.organisation(), await centre.organisation(name="Koret")
    for each in (cafe, choir):
        await centre.post(f"organisations/{each['id']}/contacts", AASE)
    await centre.post(f"organisations/{cafe['id']}/contacts", AASE | {"role": "chair", "email": "amina@example.dk"})

    answers = [
        await centre.post("editor-links", {"email": email}, CITIZEN)
        for email in ("AASE@example.dk", "aase@example.dk", "amina@example.dk", "nobody@example.dk")
    ]

    assert {(answer.status_code, answer.content) for answer in answers} == {(202, b"")}
    links = await mailed(centre)
    assert len(links) == 2, "one for each organisation, once an hour"
    for link, organisation in zip(links, (cafe, choir), strict=True):
        answer = await centre.patch(f"organisations/{organisation['id']}", {"size": 7}, {"x-editor-link": link})
        assert answer.status_code == 200


async def test_a_review_shows_exactly_the_changed_fields(centre: Centre, way_in: str) -> None:
    cafe = await centre.organisation()
    meal = await centre.activity(cafe)
    aase = await editor(centre, cafe, way_in)
    await centre.call("PUT", "review", centre.staff, {"wanted": True})

    direct = await centre.patch(f"activities/{meal['id']}", {"title": "Spis"}, aase)
    written = await centre.post(
        f"activities/{meal['id']}/changes",
        {"title": "Spis", "price": 25, "description": meal["description"], "locality": None},
        aase,
    )
    path = f"changes/{written.json()['id']}"
    more = await centre.post(f"activities/{meal['id']}/changes", {"price": None, "form": "both"}, aase)
    sent = await centre.post(f"{path}/submit", None, aase)

    assert (direct.status_code, direct.json()["type"]) == (409, "urn:kompas:problem:review-wanted")
    assert [each["field"] for each in written.json()["changed"]] == ["title", "locality", "price"]
    expected = [
        {"field": "title", "before": "Spis sammen i Vollsmose", "after": "Spis"},
        {"field": "locality", "before": "Vollsmose", "after": None},
        {"field": "form", "before": "physical", "after": "both"},
    ]
    assert more.json()["changed"] == expected
    assert more.json()["preview"] == meal | {"title": "Spis", "locality": None, "form": "both"}
    assert (await centre.get(f"activities/{meal['id']}")).json() == meal, "nobody sees it yet"
    assert sent.json()["state"] == "submitted"
    (waiting,) = await centre.found("changes", centre.staff, state="submitted")
    assert waiting["changed"] == expected

    own = await centre.post(f"{path}/approve", None, aase)
    approved = await centre.done(f"{path}/approve")
    twice = await centre.post(f"{path}/approve")

    assert own.status_code in (401, 403)
    assert (approved["state"], approved["changed"]) == ("approved", expected)
    assert (twice.status_code, twice.json()["type"]) == (409, "urn:kompas:problem:change-decided")
    now_shown = (await centre.get(f"activities/{meal['id']}")).json()
    assert now_shown == meal | {"title": "Spis", "locality": None, "form": "both", "version": 3}
    assert kinds(await centre.stated(meal["id"])) == [("activity.published", 2), ("activity.updated", 3)]


async def test_what_is_sent_back_says_why_and_goes_on(centre: Centre) -> None:
    cafe = await centre.organisation()
    own = centre.association(cafe["id"])
    await centre.call("PUT", "review", centre.staff, {"wanted": True})
    change = (await centre.post(f"organisations/{cafe['id']}/changes", {"name": "Café Mørk"}, own)).json()
    path = f"changes/{change['id']}"

    early = await centre.post(f"{path}/approve")
    await centre.post(f"{path}/submit", None, own)
    silent = await centre.post(f"{path}/return", {"reason": ""})
    await centre.done(f"{path}/return", {"reason": "Skriv jeres fulde navn"})
    read = (await centre.get(path, own)).json()
    again = (await centre.post(f"organisations/{cafe['id']}/changes", {"name": "Café Mørk i Odense"}, own)).json()
    dropped = await centre.post(f"{path}/drop", None, own)
    nothing = (await centre.post(f"organisations/{cafe['id']}/changes", {"name": cafe["name"]}, own)).json()
    refused = await centre.post(f"changes/{nothing['id']}/submit", None, own)

    assert (early.status_code, early.json()["type"]) == (409, "urn:kompas:problem:change-not-submitted")
    assert (silent.status_code, fields_of(silent)) == (422, ["reason"])
    assert (read["state"], read["reason"]) == ("returned", "Skriv jeres fulde navn")
    assert (again["id"], again["state"], again["preview"]["name"]) == (change["id"], "draft", "Café Mørk i Odense")
    assert (dropped.json()["state"], dropped.json()["preview"]["name"]) == ("dropped", cafe["name"])
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:kompas:problem:nothing-changed")


async def test_a_first_publication_is_reviewed_whole(centre: Centre) -> None:
    cafe = await centre.organisation()
    own = centre.association(cafe["id"])
    await centre.call("PUT", "review", centre.staff, {"wanted": True})
    draft = (await centre.post("activities", {"organisation_id": cafe["id"], "title": "Strik"}, own)).json()

    refused = await centre.post(f"activities/{draft['id']}/publish", None, own)
    by_day = await centre.patch(f"activities/{draft['id']}", {"publish_on": str(today() + timedelta(days=1))}, own)
    edited = await centre.patch(f"activities/{draft['id']}", {"price": 10}, own)
    change = (await centre.post(f"activities/{draft['id']}/changes", {"locality": "Bolbro"}, own)).json()
    await centre.post(f"changes/{change['id']}/submit", None, own)
    await centre.done(f"changes/{change['id']}/approve")

    assert [refused.status_code, by_day.status_code, edited.status_code] == [409, 409, 200]
    assert {each["field"]: each["after"] for each in change["changed"]} == {
        "title": "Strik", "price": 10, "locality": "Bolbro", "form": "physical",
    }  # fmt: skip
    assert {each["before"] for each in change["changed"]} == {None}
    shown = (await centre.get(f"activities/{draft['id']}")).json()
    assert (shown["state"], shown["locality"]) == ("published", "Bolbro")


async def test_without_a_review_step_a_change_waits_only_for_its_author(centre: Centre) -> None:
    cafe = await centre.organisation()
    meal, own = await centre.activity(cafe), centre.association(cafe["id"])

    change = (await centre.post(f"activities/{meal['id']}/changes", {"title": "Spis"}, own)).json()
    before = (await centre.get(f"activities/{meal['id']}")).json()["title"]
    shown = await centre.post(f"changes/{change['id']}/submit", None, own, **{"if-match": f'"{change["version"]}"'})

    assert before == meal["title"]
    assert shown.json()["state"] == "approved"
    assert (await centre.get(f"activities/{meal['id']}")).json()["title"] == "Spis"


async def test_it_is_published_and_withdrawn_on_its_days(centre: Centre) -> None:
    cafe = await centre.organisation()
    begins, ends = today() + timedelta(days=3), today() + timedelta(days=10)
    draft = await centre.activity(cafe, published=False, publish_on=str(begins), expires_on=str(ends))
    days = Days(centre.database)

    async def state(in_days: int) -> str:
        with time_machine.travel(now() + timedelta(days=in_days), tick=False):
            await days.round()
            return str((await centre.get(f"activities/{draft['id']}", centre.staff)).json()["state"])

    assert [await state(day) for day in (2, 3, 3, 9, 10, 10)] == [
        "draft", "published", "published", "published", "withdrawn", "withdrawn",
    ]  # fmt: skip
    facts = await centre.stated(draft["id"])
    assert kinds(facts) == [("activity.published", 2), ("activity.withdrawn", 3)]
    over = (await centre.get(f"activities/{draft['id']}", centre.staff)).json()
    assert (over["publish_on"], over["expires_on"], over["withdrawn_on"]) == (None, None, str(ends))


async def test_a_closed_organisation_publishes_nothing_any_more(centre: Centre) -> None:
    cafe = await centre.organisation()
    draft = await centre.activity(cafe, published=False, publish_on=str(today() + timedelta(days=1)))
    await centre.done(f"organisations/{cafe['id']}/close")

    with time_machine.travel(now() + timedelta(days=2), tick=False):
        await Days(centre.database).round()

    assert (await centre.get(f"activities/{draft['id']}", centre.staff)).json()["state"] == "draft"
    assert await centre.stated(draft["id"]) == []


async def test_an_earlier_version_comes_back_and_that_is_undone_too(centre: Centre, way_in: str) -> None:
    cafe = await centre.organisation()
    meal = await centre.activity(cafe)
    path = f"activities/{meal['id']}"
    aase = await editor(centre, cafe, way_in)
    await centre.patch(path, {"title": "Spis", "themes": [], "price": 5}, aase)

    versions = (await centre.get(f"{path}/versions", aase)).json()["items"]
    back = await centre.post(f"{path}/restore", {"version": 2}, aase)
    undone = await centre.post(f"{path}/restore", {"version": 3}, aase)

    assert [each["version"] for each in versions] == [3, 2, 1]
    assert {each["field"] for each in versions[0]["changed"]} == {"title", "themes", "price"}
    assert versions[1]["changed"] == [], "that it was published is no change of what it says"
    assert back.json() == meal | {"version": 4}
    assert undone.json() == meal | {"title": "Spis", "themes": [], "price": 5, "version": 5}
    missing = await centre.post(f"{path}/restore", {"version": 99}, aase)
    assert missing.status_code == 404


async def test_an_association_restores_its_words_and_not_what_staff_said(centre: Centre) -> None:
    cafe = await centre.organisation()
    path, own = f"organisations/{cafe['id']}", centre.association(cafe["id"])
    await centre.patch(path, {"kind": "network", "life": "independent"})
    await centre.patch(path, {"description": "Vi spiser"}, own)

    back = (await centre.post(f"{path}/restore", {"version": 1}, own)).json()

    assert (back["kind"], back["life"], back["description"]) == ("network", "independent", "")


async def test_what_is_missing_is_a_hint_and_no_hindrance(centre: Centre) -> None:
    cafe = await centre.organisation()
    draft = await centre.made("activities", {"organisation_id": cafe["id"], "title": "Strik"})

    bare = (await centre.get(f"activities/{draft['id']}/hints", centre.staff)).json()
    await centre.patch(
        f"activities/{draft['id']}",
        MEAL | {"price": 0, "how_to_join": "Kom", "accessibility": ["step_free"],
                "schedules": [{"weekday": 1, "from": "17:00", "to": "19:00"}]},
    )  # fmt: skip
    full = (await centre.get(f"activities/{draft['id']}/hints", centre.staff)).json()
    published = await centre.post(f"activities/{draft['id']}/publish")

    assert (bare["share"], len(bare["hints"])) == (0.0, 8)
    assert bare["hints"][0] == {"field": "description", "question": "Hvad foregår der?"}
    assert full == {"share": 1.0, "hints": []}
    assert published.status_code == 200
