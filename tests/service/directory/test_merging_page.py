"""What staff read of two entries that look alike: why, in what they differ, what stands in the way, what was done."""

import pytest

from services.directory.merges.repository import BELONGINGS, PARTNERSHIPS
from services.directory.merges.rules import MergeField
from services.directory.merging.wording import NOUNS
from services.directory.reviewing.wording import CHOICES, FIELDS
from shared.events.kinds import NetworkLife, OrganisationKind, Sector
from tests.service.directory.centre import NOBODY, Centre, Json

DANISH, ENGLISH = {"accept-language": "da"}, {"accept-language": "en"}
DOOR = {
    "name": "Foreningen Åben Dør", "cvr": "13585628", "website": "https://aabendoer.dk", "address": "Egeparken 2",
    "postcode": "5240", "locality": None, "description": "Vi spiser hver torsdag", "kind": "network",
}  # fmt: skip
CLOSED = "urn:kompas:problem:cannot-merge-closed"


async def two_of_one(centre: Centre, **more: str) -> tuple[Json, Json]:
    kept = await centre.organisation(
        name="Åben Dør", locality="Vollsmose", description="Vi spiser hver tirsdag", **more
    )
    return kept, await centre.organisation(**DOOR)


async def pairs(centre: Centre, kind: str, language: dict[str, str] = DANISH) -> Json:
    answer = await centre.call("GET", "merging/pairs", centre.staff | language, params={"kind": kind})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def compared(centre: Centre, kept: Json, merged: Json, language: dict[str, str] = DANISH, **more: object) -> Json:
    body = {"kept_id": kept["id"], "merged_id": merged["id"], **more}
    answer = await centre.call("POST", "merging/comparison", centre.staff | language, body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def lines(entry: Json) -> dict[str, str]:
    return {line["name"]["da"]: line["text"] for line in entry["lines"] if line["text"]}


def chosen(found: Json) -> dict[str, tuple[str, str, str]]:
    """What either says, with the words in brackets that differ, and whose would stand."""

    def said(pieces: list[Json]) -> str:
        return "".join(f"[{each['text']}]" if each["changed"] else each["text"] for each in pieces)

    return {each["name"]["da"]: (said(each["kept"]), said(each["merged"]), each["taken"]) for each in found["fields"]}


async def test_two_that_look_alike_are_read_in_words_surest_first(centre: Centre) -> None:
    one, other = await two_of_one(centre, address="Allé 1", postcode="5240")
    for name in ("Røde Kors", "Røde  Kors!"):
        await centre.organisation(name=name, locality="Bolbro")

    found = await pairs(centre, "organisation")

    assert [(pair["why"]["da"], pair["score"]) for pair in found["items"]] == [
        ("Samme navn, når man ser bort fra skrivemåden", 100), ("Navne, der ligner hinanden", 99),
    ]  # fmt: skip
    assert [each["id"] for each in found["items"][1]["entries"]] == [one["id"], other["id"]]
    assert [lines(each) for each in found["items"][1]["entries"]] == [
        {"Type": "Forening", "Sted": "Allé 1, 5240 Vollsmose"},
        {"Type": "Netværk", "CVR-nummer": DOOR["cvr"], "Sted": "Egeparken 2, 5240", "Hjemmeside": DOOR["website"]},
    ]
    english = await pairs(centre, "organisation", ENGLISH)
    assert (english["total"], lines(english["items"][1]["entries"][1])["Type"]) == (2, "Network")
    assert len((await centre.get("merging/pairs", centre.staff, limit=1)).json()["items"]) == 1


async def test_what_everybody_sees_would_be_kept(centre: Centre) -> None:
    cafe = await centre.organisation()
    weekly: Json = {"schedules": [{"weekday": 1, "from": "18:00", "to": "20:00"}]}
    draft = await centre.activity(cafe, published=False, title="Spis sammen", **weekly)
    shown = await centre.activity(cafe, title="Spis sammen!", **weekly)
    for name in ("Den store sal", "Store sal, den"):
        await centre.made("premises", {"name": name, "postcode": "5240", "organisation_id": cafe["id"]})

    [activities], [premises] = [(await pairs(centre, kind))["items"] for kind in ("activity", "premises")]

    assert [each["id"] for each in activities["entries"]] == [shown["id"], draft["id"]]
    assert [lines(each)["Vises"] for each in activities["entries"]] == ["Ja, for alle", "Nej, en kladde"]
    assert lines(activities["entries"][0])["Hvornår"] == "tirsdag 18:00-20:00"
    assert {lines(each)["Hører til"] for each in (*activities["entries"], *premises["entries"])} == {cafe["name"]}


async def test_everything_in_which_two_differ_is_told_with_the_words_that_differ(centre: Centre) -> None:
    kept, merged = await two_of_one(centre, address="Allé 1", postcode="5000")
    await centre.patch(f"organisations/{merged['id']}", {"translations": {"en": {"name": "Open Door"}}})
    await centre.activity(merged)
    for owner in (kept, merged):
        await centre.made("memberships", {"organisation_id": owner["id"], "kind": "member"})

    found = await compared(centre, kept, merged)

    assert chosen(found) == {
        "Navn": ("Åben Dør", "[Foreningen ]Åben Dør", "kept"),
        "Type": ("[Forening]", "[Netværk]", "kept"),
        "Bydel eller by": ("[Vollsmose]", "", "kept"),
        "CVR-nummer": ("", f"[{DOOR['cvr']}]", "merged"),
        "Beskrivelse": ("Vi spiser hver [tirsdag]", "Vi spiser hver [torsdag]", "kept"),
        "Hjemmeside": ("", f"[{DOOR['website']}]", "merged"),
        "Sted": ("Adresse: [Allé 1]\nPostnummer: [5000]", "Adresse: [Egeparken 2]\nPostnummer: [5240]", "kept"),
        "På andre sprog": ("", "[Navn på engelsk: Open Door]", "merged"),
    }
    [place] = [each["fields"] for each in found["fields"] if each["name"]["da"] == "Sted"]
    assert place == ["address", "postcode"]
    assert [(each["name"]["da"], each["count"]) for each in found["moved"]] == [
        ("Medlemskaber", 1), ("Aktiviteter", 1), ("Medlemskaber, der slutter, fordi begge har et", 1),
    ]  # fmt: skip
    assert (found["refused"], found["kept"]["version"]) == (None, 1)

    other = await compared(centre, kept, merged, ENGLISH, fields=dict.fromkeys([*place, "kind"], "merged"))
    assert {each["name"]["en"]: each["taken"] for each in other["fields"]}["Place"] == "merged"
    assert chosen(other)["Type"] == ("[Association]", "[Network]", "merged")
    assert (await centre.get(f"organisations/{kept['id']}")).json() == kept, "nothing has changed"


async def test_what_stands_in_the_way_is_told_so_that_another_choice_can_be_made(centre: Centre) -> None:
    cafe = await centre.organisation()
    draft, shown = (
        await centre.activity(cafe, published=False, title="Spis"),
        await centre.activity(cafe, title="Spis!"),
    )

    wrong = await compared(centre, draft, shown, kind="activity")
    right = await compared(centre, shown, draft, kind="activity")

    assert wrong["refused"] == "Den, der beholdes, skal være offentliggjort, når den anden er det"
    assert (wrong["moved"], chosen(wrong)["Titel"]) == ([], ("Spis", "Spis[!]", "kept"))
    assert right["refused"] is None


async def test_what_a_colleague_has_merged_or_closed_is_no_choice_any_more(centre: Centre) -> None:
    kept, merged = await two_of_one(centre)
    body = {"kept_id": kept["id"], "merged_id": merged["id"]}
    await centre.made("merges", body)

    answers = [await centre.post(path, body) for path in ("merging/comparison", "merges")]

    assert {(each.status_code, each.json()["type"]) for each in answers} == {(409, "urn:kompas:problem:merged-already")}
    closed = await centre.organisation()
    await centre.done(f"organisations/{closed['id']}/close")
    refused = await centre.post("merging/comparison", body | {"merged_id": closed["id"]})
    assert (refused.status_code, refused.json()["type"]) == (409, CLOSED)
    assert (await centre.post("merging/comparison", body | {"merged_id": NOBODY})).status_code == 422


@pytest.mark.parametrize(
    ("kind", "noun", "name"),
    [("organisation", "organisations", "name"), ("activity", "activities", "title"), ("premises", "premises", "name")],
)
async def test_nothing_is_merged_that_has_changed_since_it_was_looked_at(
    centre: Centre, kind: str, noun: str, name: str
) -> None:
    cafe = await centre.organisation()
    body = {"name": "Salen", "title": "Spis", "kind": "network", "sector": "voluntary", "organisation_id": cafe["id"]}
    fields = {"organisations": ("name", "kind", "sector"), "activities": ("title", "organisation_id"),
              "premises": ("name", "organisation_id")}[noun]  # fmt: skip
    kept, merged = [await centre.made(noun, {field: body[field] for field in fields}) for _ in range(2)]
    seen = {"kept": kept["version"], "merged": merged["version"]}
    ids = {"kind": kind, "kept_id": kept["id"], "merged_id": merged["id"]}
    await centre.patch(f"{noun}/{merged['id']}", {name: "Noget andet"})

    stale = await centre.post("merges", ids | {"versions": seen})

    assert (stale.status_code, stale.json()["type"]) == (412, "urn:kompas:problem:stale-version")
    assert await centre.found("merges", centre.staff) == []
    newest = {side: each["version"] for side, each in (await compared(centre, kept, merged, kind=kind)).items()
              if side in seen}  # fmt: skip
    await centre.made("merges", ids | {"versions": newest})


async def test_earlier_merges_are_told_by_name_newest_first_page_by_page(centre: Centre) -> None:
    cafe = await centre.organisation()
    halls = [await centre.made("premises", {"name": f"Sal {n}"}) for n in "AB"]
    meals = [await centre.activity(cafe, title=title) for title in ("Spis", "Spis!")]
    await centre.made("merges", {"kind": "premises", "kept_id": halls[0]["id"], "merged_id": halls[1]["id"]})
    last = await centre.made("merges", {"kind": "activity", "kept_id": meals[0]["id"], "merged_id": meals[1]["id"]})

    one = (await centre.get("merging/earlier", centre.staff, limit=1)).json()
    two = (await centre.get("merging/earlier", centre.staff, limit=1, cursor=one["next_cursor"])).json()

    told = [(each["kind"], each["merged"], each["kept"]) for each in one["items"] + two["items"]]
    assert (told, two["next_cursor"]) == ([("activity", "Spis!", "Spis"), ("premises", "Sal B", "Sal A")], None)
    by_id = await centre.get(f"merging/earlier/{last['id']}", centre.staff)
    assert (by_id.json(), by_id.headers["etag"]) == (one["items"][0], '"1"')


async def test_what_undoing_does_not_bring_back_is_told_in_words(centre: Centre) -> None:
    kept, merged = await two_of_one(centre)
    third = await centre.organisation(name="Skyttehuset")
    moved = await centre.activity(merged, title="Madklub")
    for owner in (kept, merged):
        await centre.made("memberships", {"organisation_id": owner["id"], "kind": "member"})
    body = {"kept_id": kept["id"], "merged_id": merged["id"], "fields": {"name": "merged", "website": "merged"}}
    made = await centre.made("merges", body)
    await centre.patch(f"organisations/{kept['id']}", {"name": "Åben Dør 2030", "website": "https://nyt.dk"})
    # By no door yet, but by hand, or by a later version.
    await centre.run(
        f"update activities set organisation_id = '{third['id']}' where id = '{moved['id']}'",
        "update memberships set ended_on = started_on - 1, started_on = started_on - 1 where ended_on is not null",
    )

    answer = await centre.post(f"merges/{made['id']}/undo")
    told = (await centre.get(f"merging/earlier/{made['id']}", centre.staff)).json()

    assert answer.status_code == 200, answer.text
    assert [each["da"] for each in told["left"]] == [
        "Er skrevet om siden og står, som det er nu: Navn, Hjemmeside",
        "Flyttede ikke med tilbage, fordi nogen har ændret det siden: aktiviteter (1), “Madklub”",
        "Blev ikke åbnet igen, fordi det er ændret siden: medlemskaber (1)",
    ]
    assert told["left"][0]["en"] == "Was written anew since, and stays as it is now: Name, Website"
    assert told["undone_at"]


async def test_an_activity_stays_down_where_its_association_has_closed(centre: Centre) -> None:
    cafe, other = await centre.organisation(), await centre.organisation(name="Beboerhuset")
    kept, merged = await centre.activity(cafe, title="Spis"), await centre.activity(other, title="Spis!")
    made = await centre.made("merges", {"kind": "activity", "kept_id": kept["id"], "merged_id": merged["id"]})
    await centre.done(f"organisations/{other['id']}/close")

    await centre.post(f"merges/{made['id']}/undo")

    [left] = (await centre.get(f"merging/earlier/{made['id']}", centre.staff)).json()["left"]
    assert left["da"] == "Bliver ikke vist igen, fordi foreningen er lukket: aktiviteter (1), “Spis!”"


def test_everything_that_a_merge_tells_of_has_a_name() -> None:
    assert {*BELONGINGS, *PARTNERSHIPS} == {*NOUNS}
    assert [field for field in MergeField if field not in FIELDS] == []
    for field, kinds in {"kind": OrganisationKind, "sector": Sector, "life": NetworkLife}.items():
        assert {*CHOICES[field]} == {*kinds}, field


async def test_the_page_is_everybodys_and_what_it_asks_is_for_staff_of_the_centre(centre: Centre) -> None:
    kept, merged = await two_of_one(centre)
    body = {"kept_id": kept["id"], "merged_id": merged["id"]}
    made = await centre.made("merges", body)

    for path in ("merging", "merging.js", "merging.css", "staff.js", "staff.css"):
        answer = await centre.get(path)
        assert (answer.status_code, "default-src 'none'" in answer.headers["content-security-policy"]) == (200, True)
    for who, status in ((centre.association(kept["id"]), 403), ({}, 401)):
        asked = [await centre.get(f"merging/{path}", who) for path in ("pairs", "earlier", f"earlier/{made['id']}")]
        asked.append(await centre.post("merging/comparison", body, who))
        assert {each.status_code for each in asked} == {status}
    elsewhere = centre.neighbour()
    assert (await elsewhere.get(f"merging/earlier/{made['id']}", elsewhere.staff)).status_code == 404
    assert (await elsewhere.get("merging/earlier", elsewhere.staff)).json()["items"] == []
