"""Finding activities, in Danish: by words, by parts of words, by filters, page by page."""

from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from fastapi import FastAPI

from tests.service.directory.centre import Centre, Json, fields_of

# What somebody types, and which of the activities below it finds: best first, equally good ones in one piece.
FOUND = {
    "all words must occur": ("spis sammen", ["meal soup"]),
    "the order of the words is free": ("sammen spis", ["meal soup"]),
    "a word in a title weighs more than one in a description": ("sammen", ["meal", "walk soup"]),
    "inflected forms are one word": ("gåturene", ["walk"]),
    "the last word may be unfinished": ("motion gåt", ["walk"]),
    "part of a compound word": ("spisning", ["meal soup"]),
    "a theme weighs less than a title": ("fællesspisning", ["soup", "meal"]),
    "capital æ, ø and å": ("ÆRØ", ["walk"]),
    "æ, ø and å as two letters": ("faellesspisning", ["soup", "meal"]),
    "æ, ø and å without their rings": ("gatur", ["walk"]),
    "a slip of a letter": ("fællespisning", ["soup", "meal"]),
    "a compound written apart": ("fælles spisning", ["soup", "meal"]),
    "what the word also means": ("ensom", ["soup", "meal"]),
    "a sentence": ("jeg vil gerne spise sammen med nogen", ["meal soup"]),
    "what has the most of it where nothing has all": ("motion i svømmehallen", ["walk"]),
    "capitals in the title": ("østers", ["soup"]),
    "letters of two code points": ("gåtur", ["walk"]),
    "a percent sign is no wildcard": ("100%", []),
    "an underscore is no wildcard": ("s_ping", []),
    "a single letter is the beginning of a word": ("n", ["walk soup"]),
    "operators are words": ("& !sammen | <-> :*", ["meal", "walk soup"]),
    "quotes are nothing": ("'spis\" sammen\\", ["meal soup"]),
    "a word that nobody uses": ("ishockey", []),
    "an emoji is nothing to look for": ("🍲", ["meal walk soup"]),
    "blanks are nothing to look for": ("   ", ["meal walk soup"]),
}


def in_bands(found: list[str], bands: list[str]) -> bool:
    """Whether what was found stands in this order, the members of one piece in any."""
    left = iter(found)
    pieces = [{name for _, name in zip(band.split(), left, strict=False)} for band in bands]
    return pieces == [set(band.split()) for band in bands] and not list(left)


@pytest_asyncio.fixture
async def compass(centre: Centre) -> tuple[Centre, dict[str, str]]:
    """Three published activities and two that nobody may find."""
    cafe, church = await centre.organisation(), await centre.organisation(name="Sognet")
    described: dict[str, Json] = {
        "meal": {"title": "Spis sammen i Vollsmose", "description": "Vi laver mad.", "themes": ["fællesspisning"]},
        "walk": {
            "title": "Gåtur på Ærø",
            "description": "Motion: vi går sammen i naturen.",
            "themes": ["natur"],
            "target_groups": ["seniorer"],
            "languages": ["da", "en"],
            "locality": "Bolbro",
        },
        "soup": {
            "title": "ØSTERSUPPE til fællesspisningen",
            "description": "Spis sammen med naboerne.",
            "themes": ["mad"],
            "target_groups": [],
            "locality": "Bolbro",
        },
    }
    ids = {
        name: (await centre.activity(church if name == "soup" else cafe, **fields))["id"]
        for name, fields in described.items()
    }
    await centre.activity(cafe, published=False)
    gone = await centre.activity(cafe)
    await centre.done(f"activities/{gone['id']}/withdraw")
    other = centre.neighbour()
    await other.activity(await other.organisation())
    return centre, {id_: name for name, id_ in ids.items()}


@pytest.mark.parametrize(("typed", "found"), FOUND.values(), ids=FOUND.keys())
async def test_words_find(compass: tuple[Centre, dict[str, str]], typed: str, found: list[str]) -> None:
    centre, names = compass

    names_found = [names[each["id"]] for each in await centre.found("activities", q=typed)]
    assert in_bands(names_found, found), names_found


async def test_filters_narrow_and_combine(compass: tuple[Centre, dict[str, str]]) -> None:
    centre, names = compass
    church = next(e["organisation_id"] for e in await centre.found("activities") if names[e["id"]] == "soup")

    async def found(**query: Any) -> list[str]:
        return [names[each["id"]] for each in await centre.found("activities", **query)]

    assert await found(theme="fællesspisning") == await found(theme="Fællesspisning ") == ["meal"]
    assert await found(target_group="seniorer") == ["walk"]
    assert await found(language="en") == ["walk"]
    assert sorted(await found(locality="bolbro")) == ["soup", "walk"]
    assert await found(organisation_id=church) == ["soup"]
    assert await found(q="spis sammen", locality="Vollsmose") == ["meal"]
    assert await found(theme="natur", language="ar") == []


async def test_pages_of_ranked_results_follow_on(compass: tuple[Centre, dict[str, str]]) -> None:
    centre, _ = compass

    for query in ({"q": "sammen"}, {}):
        whole = [each["id"] for each in await centre.found("activities", **query)]
        pages, cursor = [], None
        for _ in whole:
            page = (await centre.get("activities", limit=1, **query, **({"cursor": cursor} if cursor else {}))).json()
            pages += [each["id"] for each in page["items"]]
            cursor = page["next_cursor"]
        assert (pages, cursor) == (whole, None)


@pytest.mark.parametrize(
    "query",
    [
        {"q": "x" * 201},
        {"cursor": "?"},
        {"cursor": "AAAA"},
        {"cursor": "x" * 101},
        {"limit": "many"},
        {"state": "gone"},
        {"organisation_id": "1"},
        {"theme": "x" * 61},
        {"weekday": "7"},
        {"form": "by mail"},
        {"price": "dear"},
        {"near": "Timbuktu"},
        {"radius_km": "0"},
    ],
    ids=str,
)
async def test_a_question_that_makes_no_sense_is_told_so(centre: Centre, query: dict[str, str]) -> None:
    answer = await centre.get("activities", **query)

    assert (answer.status_code, fields_of(answer)) == (422, list(query))


async def test_a_question_may_hold_any_character(centre: Centre) -> None:
    for typed in ("\x00", "a\x00b", "\ud83c".encode("utf-8", "surrogatepass"), "'; drop table activities; --"):
        answer = await centre.get("activities", q=typed, theme="\x00")
        assert answer.status_code in (200, 422), answer.text


async def test_the_door_past_the_layers_refuses_and_is_measured_as_any_other(centre: Centre, app: FastAPI) -> None:
    other = (await centre.client.get("/directory/nowhere_else/activities")).json()
    expired = await centre.get("activities", {"authorization": "Bearer not.a.token"}, q="kor")
    nul = await centre.client.get(f"/directory/{centre.tenant}/activities?q=k%00r")
    link = await centre.get("activities", {"x-editor-link": f"{uuid4()}.{'x' * 43}"})
    nothing = await centre.get("activities/suggestions")
    method = await centre.call("DELETE", "activities", centre.staff)
    foreign = await centre.get("activities", centre.neighbour().staff)
    measured = (await centre.client.get("/directory/metrics")).text

    assert other["status"] == 404
    assert (expired.status_code, expired.headers["www-authenticate"][:6]) == (401, "Bearer")
    assert (nul.status_code, fields_of(nul)) == (422, ["q"])
    assert link.status_code == 404
    assert (nothing.status_code, fields_of(nothing)) == (422, ["q"])
    assert method.status_code == 405
    assert foreign.status_code == 200, "whoever belongs elsewhere reads here as a citizen does"
    assert all(
        answer.headers["content-type"] == "application/problem+json" and answer.headers["x-request-id"]
        for answer in (expired, nul, link, nothing, method)
    )
    assert 'route="/directory/{tenant}/activities",service="directory",status="401"' in measured
