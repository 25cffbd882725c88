"""Activities through the door: drafted, published, corrected, withdrawn, by those whose they are."""

import asyncio
from typing import Any

import pytest

from tests.service.directory.centre import CITIZEN, MEAL, NOBODY, PLAIN_ACTIVITY, Centre, Json, fields_of, kinds


async def test_an_activity_begins_as_a_draft_that_states_nothing(centre: Centre) -> None:
    cafe = await centre.organisation()

    answer = await centre.post("activities", MEAL | {"organisation_id": cafe["id"]})

    made = answer.json()
    assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
    assert made == MEAL | PLAIN_ACTIVITY | {
        "id": made["id"], "version": 1, "organisation_id": cafe["id"], "state": "draft", "published_on": None,
        "withdrawn_on": None, "themes": ["fællesspisning"],
    }  # fmt: skip
    assert await centre.stated(made["id"]) == []
    assert (await centre.get(f"activities/{made['id']}")).status_code == 404
    assert (await centre.get(f"activities/{made['id']}", centre.staff)).json() == made


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": None}, "title"),
        ({"description": "x" * 5001}, "description"),
        ({"description": "a\x00b"}, "description"),
        ({"themes": "fællesspisning"}, "themes"),
        ({"themes": ["ring 20 12 34 56"]}, "themes[0]"),
        ({"themes": ["kor", "amina@example.com"]}, "themes[1]"),
        ({"themes": [f"tema-{number}" for number in range(21)]}, "themes"),
        ({"target_groups": ["a\x00b"]}, "target_groups[0]"),
        ({"languages": ["dansk"]}, "languages[0]"),
        ({"locality": "Vollsmose 10"}, "locality"),
        ({"organisation_id": NOBODY}, "organisation_id"),
        ({"state": "published"}, "state"),
    ],
)
async def test_what_is_wrong_is_named(centre: Centre, wrong: Json, field: str) -> None:
    cafe = await centre.organisation()

    answer = await centre.post("activities", MEAL | {"organisation_id": cafe["id"]} | wrong)

    assert (answer.status_code, fields_of(answer)) == (422, [field])


async def test_few_fields_are_enough(centre: Centre) -> None:
    made = await centre.made(
        "activities", {"organisation_id": (await centre.organisation())["id"], "title": "Strik 🧶"}
    )

    assert (made["title"], made["themes"], made["locality"]) == ("Strik 🧶", [], None)


async def test_publishing_shows_it_to_everybody_and_says_what_it_is(centre: Centre) -> None:
    cafe = await centre.organisation()
    draft = await centre.activity(cafe, published=False)

    answer = await centre.post(f"activities/{draft['id']}/publish", {"published_on": "2023-02-01"})

    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    assert answer.json() == draft | {"state": "published", "published_on": "2023-02-01", "version": 2}
    (fact,) = await centre.stated(draft["id"])
    assert (fact["type"], fact["sequence"]) == ("kompas.directory.activity.published.v1", 2)
    assert fact["time"] == "2023-02-01T11:00:00Z"
    assert fact["data"] == {
        "organisation_id": cafe["id"], "publisher_kind": "association", "publisher_sector": "voluntary",
        "locality": "Vollsmose", "themes": ["fællesspisning"], "target_groups": ["voksne", "familier"],
        "languages": ["da", "ar"],
    }  # fmt: skip
    assert (await centre.get(f"activities/{draft['id']}")).json() == answer.json()
    assert [each["id"] for each in await centre.found("activities")] == [draft["id"]]


async def test_it_is_published_and_withdrawn_by_turns(centre: Centre) -> None:
    activity = await centre.activity(await centre.organisation())
    path = f"activities/{activity['id']}"

    again = await centre.post(f"{path}/publish")
    withdrawn = await centre.done(f"{path}/withdraw", {"reason": "Køkkenet er i stykker"})
    twice = await centre.post(f"{path}/withdraw")
    published = await centre.done(f"{path}/publish")

    assert (again.status_code, again.json()["type"]) == (409, "urn:kompas:problem:already-published")
    assert (withdrawn["state"], withdrawn["version"]) == ("withdrawn", 3)
    assert (twice.status_code, twice.json()["type"]) == (409, "urn:kompas:problem:not-published")
    assert (published["state"], published["withdrawn_on"], published["version"]) == ("published", None, 4)
    facts = await centre.stated(activity["id"])
    assert kinds(facts) == [("activity.published", 2), ("activity.withdrawn", 3), ("activity.published", 4)]
    assert "reason" not in facts[1]["data"]


async def test_of_many_that_publish_at_once_one_does(centre: Centre) -> None:
    draft = await centre.activity(await centre.organisation(), published=False)

    answers = await asyncio.gather(*(centre.post(f"activities/{draft['id']}/publish") for _ in range(5)))

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]
    assert len(await centre.stated(draft["id"])) == 1


@pytest.mark.parametrize(
    ("step", "field", "day"),
    [
        ("publish", "published_on", "9999-01-01"),
        ("withdraw", "withdrawn_on", "9999-01-01"),
        ("withdraw", "withdrawn_on", "2023-01-31"),
    ],
)
async def test_days_of_facts_follow_each_other_and_are_past(centre: Centre, step: str, field: str, day: str) -> None:
    draft = await centre.activity(await centre.organisation(), published=False)
    if step == "withdraw":
        await centre.done(f"activities/{draft['id']}/publish", {"published_on": "2023-02-01"})

    answer = await centre.post(f"activities/{draft['id']}/{step}", {field: day})

    assert (answer.status_code, fields_of(answer)) == (422, [field])


async def test_a_correction_is_told_once_it_can_be_read(centre: Centre) -> None:
    draft = await centre.activity(await centre.organisation(), published=False)
    path = f"activities/{draft['id']}"

    silent = await centre.patch(path, {"title": "Spis med", "themes": ["mad", "Mad"]}, **{"if-match": '"1"'})
    await centre.done(f"{path}/publish")
    told = await centre.patch(path, {"locality": None})
    stale = await centre.patch(path, {"title": "For sent"}, **{"if-match": '"2"'})
    nothing = await centre.patch(path, {"title": "Spis med"})

    assert (silent.status_code, silent.json()["themes"], silent.headers["etag"]) == (200, ["mad"], '"2"')
    assert (told.status_code, told.headers["etag"]) == (200, '"4"')
    assert stale.status_code == 412
    assert nothing.json() == told.json()
    facts = await centre.stated(draft["id"])
    assert kinds(facts) == [("activity.published", 3), ("activity.updated", 4)]
    assert facts[1]["data"] == {key: value for key, value in facts[0]["data"].items() if key != "locality"}


async def test_an_association_keeps_its_own_and_only_its_own(centre: Centre) -> None:
    cafe, choir = await centre.organisation(), await centre.organisation(name="Koret")
    own = centre.association(cafe["id"])
    others = await centre.activity(choir)
    others_draft = await centre.activity(choir, published=False)

    made = await centre.post("activities", MEAL | {"organisation_id": cafe["id"]}, own)
    path = f"activities/{made.json()['id']}"
    steps = [
        await centre.get(path, own),
        await centre.patch(path, {"title": "Spis med"}, own),
        await centre.post(f"{path}/publish", {}, own),
        await centre.post(f"{path}/withdraw", {}, own),
    ]
    refused = [
        await centre.post("activities", MEAL | {"organisation_id": choir["id"]}, own),
        await centre.patch(f"activities/{others['id']}", {"title": "Nej"}, own),
        await centre.post(f"activities/{others['id']}/withdraw", {}, own),
    ]
    hidden = [
        await centre.get(f"activities/{others_draft['id']}", own),
        await centre.patch(f"activities/{others_draft['id']}", {"title": "Nej"}, own),
        await centre.post(f"activities/{others_draft['id']}/publish", {}, own),
    ]

    assert [made.status_code, *(step.status_code for step in steps)] == [201, 200, 200, 200, 200]
    assert [answer.status_code for answer in refused] == [403, 403, 403]
    assert [answer.status_code for answer in hidden] == [404, 404, 404]


@pytest.mark.parametrize(("step", "field"), [("publish", "published_on"), ("withdraw", "withdrawn_on")])
async def test_the_past_is_for_staff_to_record(centre: Centre, step: str, field: str) -> None:
    cafe = await centre.organisation()
    activity = await centre.activity(cafe, published=False)
    if step == "withdraw":
        await centre.done(f"activities/{activity['id']}/publish", {"published_on": "2023-02-01"})

    answer = await centre.post(
        f"activities/{activity['id']}/{step}", {field: "2023-02-02"}, centre.association(cafe["id"])
    )

    assert (answer.status_code, fields_of(answer)) == (422, [field])


async def test_drafts_are_listed_for_staff_and_for_their_own_association(centre: Centre) -> None:
    cafe, choir = await centre.organisation(), await centre.organisation(name="Koret")
    drafts = [await centre.activity(each, published=False) for each in (cafe, choir)]
    own = centre.association(cafe["id"])

    async def ids(who: dict[str, str], **query: Any) -> list[str]:
        return [each["id"] for each in await centre.found("activities", who, state="draft", **query)]

    assert await ids(centre.staff) == [drafts[0]["id"], drafts[1]["id"]]
    assert await ids(centre.staff, organisation_id=choir["id"]) == [drafts[1]["id"]]
    assert await ids(own) == [drafts[0]["id"]]
    assert (await centre.get("activities", own, state="draft", organisation_id=choir["id"])).status_code == 403
    assert (await centre.get("activities", CITIZEN, state="draft")).status_code == 401
    assert await centre.found("activities") == []
