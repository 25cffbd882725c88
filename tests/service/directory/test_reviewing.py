"""What staff see of changes that wait: who has waited longest, which words differ, and how the entry would look."""

import base64
import struct
from datetime import timedelta
from uuid import UUID

import time_machine

from shared.clock import now
from tests.service.directory.centre import NOBODY, Centre, Json, fields_of
from tests.service.directory.links import linked

DANISH, ENGLISH = {"accept-language": "da"}, {"accept-language": "en"}


async def sent_in(centre: Centre, noun: str, entry: Json, fields: Json, hours_ago: int = 0) -> str:
    """By the association that the entry belongs to."""
    owner = str(entry.get("organisation_id") or entry["id"])
    change = (await centre.post(f"{noun}/{entry['id']}/changes", fields, centre.association(owner))).json()
    with time_machine.travel(now() - timedelta(hours=hours_ago), tick=False):  # So is the token's beginning.
        answer = await centre.post(f"changes/{change['id']}/submit", None, centre.association(owner))
    assert answer.json()["state"] == "submitted", answer.text
    return str(change["id"])


async def reviewed(centre: Centre, id: str, language: dict[str, str] = DANISH) -> Json:
    answer = await centre.call("GET", f"reviews/{id}", centre.staff | language)
    assert (answer.status_code, answer.headers["etag"]) == (200, f'"{answer.json()["version"]}"'), answer.text
    return dict(answer.json())


def marked(part: Json) -> tuple[str, str, str]:
    before, after = (
        "".join(f"[{each['text']}]" if each["changed"] else each["text"] for each in part[side])
        for side in ("before", "after")
    )
    return part["name"]["da"], before, after


async def test_who_has_waited_longest_comes_first_page_by_page(centre: Centre) -> None:
    cafe = await centre.organisation()
    await centre.call("PUT", "review", centre.staff, {"wanted": True})
    meals = [await centre.activity(cafe, title=title) for title in ("Spis", "Syng", "Strik")]
    hall = await centre.made("premises", {"name": "Salen", "organisation_id": cafe["id"]})
    second = await sent_in(centre, "activities", meals[0], {"price": 25}, hours_ago=2)
    last = await sent_in(centre, "activities", meals[1], {"title": "Syng med", "locality": None})
    first = await sent_in(centre, "organisations", cafe, {"description": "Vi spiser"}, hours_ago=50)
    third = await sent_in(centre, "premises", hall, {"translations": {"en": {"name": "The hall"}}}, hours_ago=1)
    await centre.post(f"activities/{meals[2]['id']}/changes", {"price": 5}, centre.association(cafe["id"]))

    one = (await centre.get("reviews", centre.staff, limit=2)).json()
    await centre.done(f"changes/{second}/return", {"reason": "Er prisen rigtig?"})
    two = (await centre.get("reviews", centre.staff, limit=2, cursor=one["next_cursor"])).json()

    assert [each["id"] for each in one["items"] + two["items"]] == [first, second, third, last]
    assert (one["count"], two["count"], two["next_cursor"]) == (4, 3, None)
    waiting = two["items"][1]
    assert (waiting["kind"], waiting["name"], waiting["organisation"]) == ("activity", "Syng", cafe["name"])
    assert [name["da"] for name in waiting["changed"]] == ["Titel", "Bydel eller by"]
    assert [name["en"] for name in two["items"][0]["changed"]] == ["Name in English"]


async def test_a_page_of_what_waits_begins_where_a_page_has_ended_and_nowhere_else(centre: Centre) -> None:
    far = base64.urlsafe_b64encode(struct.pack(">q", 2**63 - 1) + UUID(NOBODY).bytes).decode()

    assert (await centre.get("reviews", centre.staff, cursor=far)).json()["items"] == []
    for wrong in ("?", "AAAA", far[:-8]):
        assert fields_of(await centre.get("reviews", centre.staff, cursor=wrong)) == ["cursor"]


async def test_staff_read_exactly_what_changes_in_words(centre: Centre) -> None:
    cafe = await centre.organisation()
    hall = await centre.made("premises", {"name": "Salen", "organisation_id": cafe["id"]})
    meal = await centre.activity(cafe, price=20)
    await centre.call("PUT", "review", centre.staff, {"wanted": True})
    id = await sent_in(
        centre,
        "activities",
        meal,
        {
            "description": "Vi laver suppe og hygger os hver tirsdag. Børn er velkomne.",
            "price": 0,
            "premises_id": hall["id"],
            "translations": {"en": {"title": "Eat together"}},
        },
    )

    told = await reviewed(centre, id)

    assert [marked(part) for part in told["parts"]] == [
        ("Beskrivelse", "Vi laver [mad] og hygger os hver tirsdag. Børn er velkomne.",
         "Vi laver [suppe] og hygger os hver tirsdag. Børn er velkomne."),
        ("Pris", "[20 kr.]", "[Gratis]"),
        ("Lokale", "", "[Salen]"),
        ("Titel på engelsk", "", "[Eat together]"),
    ]  # fmt: skip
    assert (told["name"], told["organisation"], told["state"]) == (meal["title"], cafe["name"], "submitted")
    assert (told["first"], told["languages"]) == (False, ["da", "en"])
    english = await reviewed(centre, id, ENGLISH)
    assert [part["after"][0]["text"] for part in english["parts"]][1] == "Free"

    await centre.done(f"changes/{id}/approve")
    decided = await reviewed(centre, id)
    assert (decided["state"], decided["parts"]) == ("approved", told["parts"])


async def test_of_what_nobody_has_seen_everything_is_new_and_no_word_is_marked(centre: Centre) -> None:
    cafe = await centre.organisation()
    draft = await centre.made("activities", {"organisation_id": cafe["id"], "title": "Strik"})
    await centre.call("PUT", "review", centre.staff, {"wanted": True})
    id = await sent_in(centre, "activities", draft, {"locality": "Bolbro"})

    told = await reviewed(centre, id)

    assert told["first"] is True
    assert [marked(part) for part in told["parts"]] == [
        ("Titel", "", "Strik"),
        ("Bydel eller by", "", "Bolbro"),
        ("Hvordan mødes man", "", "Man mødes"),
    ]


async def test_staff_are_told_whether_anybody_is_mailed_what_they_decide(centre: Centre) -> None:
    cafe = await centre.organisation()
    meal = await centre.activity(cafe)
    await centre.call("PUT", "review", centre.staff, {"wanted": True})
    aase = await linked(centre, cafe)
    change = (await centre.post(f"activities/{meal['id']}/changes", {"price": 25}, aase)).json()["id"]

    await centre.post(f"changes/{change}/submit", None, aase)
    by_link = (await reviewed(centre, change))["mailed"]
    [editor] = await centre.found(f"organisations/{cafe['id']}/contacts", centre.staff)
    await centre.done(f"organisations/{cafe['id']}/contacts/{editor['id']}/end")
    ended = (await reviewed(centre, change))["mailed"]
    await centre.post(f"changes/{change}/submit", None, await linked(centre, cafe))
    by_another = (await reviewed(centre, change))["mailed"]
    await centre.post(f"changes/{change}/submit", None, centre.association(cafe["id"]))
    by_token = (await reviewed(centre, change))["mailed"]

    assert (by_link, ended, by_another, by_token) == (True, False, True, False)


async def test_the_preview_is_the_page_that_citizens_will_read(centre: Centre) -> None:
    cafe = await centre.organisation()
    meal = await centre.activity(cafe)
    await centre.call("PUT", "review", centre.staff, {"wanted": True})
    id = await sent_in(centre, "activities", meal, {"title": "Spis <b>", "translations": {"en": {"title": "Eat <b>"}}})

    async def seen(path: str, language: str) -> str:
        answer = await centre.get(path, centre.staff, language=language)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        return answer.text

    previews = [await seen(f"reviews/{id}/preview", language) for language in ("da", "en")]
    assert "<h1>Spis &lt;b&gt;</h1>" in previews[0]
    assert "<h1>Eat &lt;b&gt;</h1>" in previews[1]
    assert (await centre.get(f"activities/{meal['id']}")).json()["title"] == meal["title"], "nobody sees it yet"
    await centre.done(f"changes/{id}/approve")
    pages = [await seen(f"find/{meal['id']}", language) for language in ("da", "en")]
    # What stands above is the page's own links.
    words = '<p class="words">'
    assert [each.partition(words)[2] for each in previews] == [each.partition(words)[2] for each in pages]

    of_cafe = await sent_in(centre, "organisations", cafe, {"name": "Café <Mørk>", "public_phone": "20 12 34 56"})
    page = await seen(f"reviews/{of_cafe}/preview", "da")
    assert "<h1>Café &lt;Mørk&gt;</h1>" in page
    assert '<dt>Telefon</dt><dd class="words">+4520123456</dd>' in page


async def test_only_staff_of_the_centre_read_what_waits(centre: Centre) -> None:
    cafe = await centre.organisation()
    await centre.call("PUT", "review", centre.staff, {"wanted": True})
    id = await sent_in(centre, "organisations", cafe, {"description": "Vi spiser"})
    paths = ("reviews", f"reviews/{id}", f"reviews/{id}/preview")

    own = [(await centre.get(path, centre.association(cafe["id"]))).status_code for path in paths]
    elsewhere = centre.neighbour()

    assert own == [403] * 3
    assert (await elsewhere.get("reviews", elsewhere.staff)).json() == {"items": [], "count": 0, "next_cursor": None}
    assert [(await elsewhere.get(path, elsewhere.staff)).status_code for path in paths[1:]] == [404] * 2
    assert (await centre.get(f"reviews/{NOBODY}", centre.staff)).status_code == 404
