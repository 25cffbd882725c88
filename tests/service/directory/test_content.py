"""Content pages through the door: written, published under their slug, withdrawn."""

import asyncio

import pytest

from tests.service.directory.centre import CITIZEN, Centre, Json, fields_of, kinds

PAGE = {
    "kind": "theme_page",
    "slug": "ledelse",
    "title": "Ledelse i foreninger 🌻",
    "body": "# Ærlig ledelse\n\nÅh ja.",
}


async def test_a_page_is_published_under_its_slug(centre: Centre) -> None:
    answer = await centre.post("content", PAGE)
    made = answer.json()
    hidden = [await centre.get(path) for path in (f"content/{made['id']}", "content/by-slug/ledelse")]

    published = await centre.done(f"content/{made['id']}/publish", {"published_on": "2023-02-01"})

    assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
    assert made == PAGE | {
        "id": made["id"], "version": 1, "state": "draft", "published_on": None, "withdrawn_on": None,
        "front_from": None, "front_to": None, "translations": {},
    }  # fmt: skip
    assert [each.status_code for each in hidden] == [404, 404]
    assert published == made | {"state": "published", "published_on": "2023-02-01", "version": 2}
    for path in (f"content/{made['id']}", "content/by-slug/ledelse"):
        assert (await centre.get(path)).json() == published
    (fact,) = await centre.stated(made["id"])
    assert (fact["type"], fact["sequence"]) == ("kompas.directory.content.published.v1", 2)
    assert (fact["time"], fact["data"]) == ("2023-02-01T11:00:00Z", {"kind": "theme_page", "slug": "ledelse"})


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "blog"}, "kind"),
        ({"slug": "Mental mistrivsel!"}, "slug"),
        ({"slug": "x" * 81}, "slug"),
        ({"slug": ""}, "slug"),
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"body": "x" * 50_001}, "body"),
        ({"body": "a\x00b"}, "body"),
        ({"body": 1}, "body"),
        ({"state": "published"}, "state"),
    ],
)
async def test_what_is_wrong_is_named(centre: Centre, wrong: Json, field: str) -> None:
    answer = await centre.post("content", PAGE | wrong)

    assert (answer.status_code, fields_of(answer)) == (422, [field])


async def test_more_than_fits_is_refused(centre: Centre) -> None:
    assert (await centre.post("content", PAGE | {"body": "æ" * 40_000})).status_code == 413


async def test_a_slug_names_one_page_of_a_centre(centre: Centre) -> None:
    answers = await asyncio.gather(*(centre.post("content", PAGE) for _ in range(3)))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    [made] = [answer.json()["id"] for answer in answers if answer.status_code == 201]
    assert (refused.json()["type"], refused.json()["id"]) == ("urn:kompas:problem:slug-taken", made)
    assert (await centre.neighbour().post("content", PAGE)).status_code == 201


async def test_a_text_changes_silently_and_its_slug_never(centre: Centre) -> None:
    made = await centre.made("content", PAGE)
    path = f"content/{made['id']}"

    changed = await centre.patch(path, {"title": "Ny", "body": ""}, **{"if-match": '"1"'})
    stale = await centre.patch(path, {"title": "Gammel"}, **{"if-match": '"1"'})
    slug = await centre.patch(path, {"slug": "ny"})
    nothing = await centre.patch(path, {"title": None})

    assert (changed.json(), changed.headers["etag"]) == (made | {"title": "Ny", "body": "", "version": 2}, '"2"')
    assert stale.status_code == 412
    assert (slug.status_code, fields_of(slug)) == (422, ["slug"])
    assert (nothing.status_code, fields_of(nothing)) == (422, ["title"])
    assert await centre.stated(made["id"]) == []


async def test_it_is_published_and_withdrawn_by_turns(centre: Centre) -> None:
    made = await centre.made("content", PAGE)
    path = f"content/{made['id']}"

    early = await centre.post(f"{path}/withdraw")
    await centre.done(f"{path}/publish", {"published_on": "2023-02-01"})
    twice = await centre.post(f"{path}/publish")
    before = await centre.post(f"{path}/withdraw", {"withdrawn_on": "2023-01-31"})
    withdrawn = await centre.done(f"{path}/withdraw", {"withdrawn_on": "2023-05-01"})
    gap = await centre.post(f"{path}/publish", {"published_on": "2023-04-30"})
    again = await centre.done(f"{path}/publish", {"published_on": "2023-06-01"})

    assert [answer.status_code for answer in (early, twice, before, gap)] == [409, 409, 422, 422]
    assert (withdrawn["state"], withdrawn["withdrawn_on"]) == ("withdrawn", "2023-05-01")
    assert (again["state"], again["withdrawn_on"], again["version"]) == ("published", None, 4)
    facts = await centre.stated(made["id"])
    assert kinds(facts) == [("content.published", 2), ("content.withdrawn", 3), ("content.published", 4)]


async def test_everybody_lists_what_is_published_and_staff_the_rest(centre: Centre) -> None:
    pages = [await centre.made("content", PAGE | {"slug": slug}) for slug in ("ledelse", "trivsel")]
    guide = await centre.made("content", PAGE | {"slug": "guide", "kind": "guide"})
    for page in (*pages, guide):
        await centre.done(f"content/{page['id']}/publish")
    draft = await centre.made("content", PAGE | {"slug": "kladde"})

    assert [page["slug"] for page in await centre.found("content")] == ["ledelse", "trivsel", "guide"]
    assert [page["slug"] for page in await centre.found("content", kind="guide")] == ["guide"]
    assert [page["id"] for page in await centre.found("content", centre.staff, state="draft")] == [draft["id"]]
    assert (await centre.get("content", CITIZEN, state="draft")).status_code == 401
    first = (await centre.get("content", limit=2)).json()
    assert len(first["items"]) == 2
    assert len((await centre.get("content", cursor=first["next_cursor"])).json()["items"]) == 1
