"""The page where citizens search, as it is sent: whole without scripts, in both languages, nothing smuggled in."""

import json

from sqlalchemy import text

from tests.service.directory.centre import BROWSER, Centre
from tests.support.waiting import eventually


async def test_the_page_shows_what_fits_and_what_to_choose_from(centre: Centre) -> None:
    house = await centre.organisation(name="Beboerhuset")
    meal = await centre.activity(
        house, title="Fællesspisning <script>", themes=["mad-og-fællesskab"], locality="Bolbro"
    )
    await centre.run(
        f"""update activities set price = 0, accessibility = '{{step_free}}', schedules =
            '[{{"weekday": 1, "from": "17:00", "to": "19:00", "every": "month_first"}}]',
            translations = '{{"en": {{"title": "Eat together"}}}}' where id = '{meal["id"]}'"""
    )

    danish = await centre.get("find", BROWSER, q="faelesspisning", weekday="1", language="da")
    english = await centre.get("find", BROWSER | {"accept-language": "en"})
    entry = await centre.get(f"find/{meal['id']}", BROWSER, language="da", q="mad")
    nothing = await centre.get("find", BROWSER, q="ishockey", near="Timbuktu", language="da", weekday="søndag")

    assert danish.status_code == english.status_code == entry.status_code == nothing.status_code == 200
    assert "script-src 'self'" in danish.headers["content-security-policy"]
    for said in ("Fællesspisning &lt;script&gt;", "Vi søgte efter", "1 aktivitet", "Mad og fællesskab (1)", "Gratis",
                 "Tirsdag 17:00–19:00 (den første i måneden)", 'selected>Tirsdag (1)'):  # fmt: skip
        assert said in danish.text, said
    assert "<script>" not in danish.text.replace('<script src="find.js"', "")
    assert "Eat together" in english.text
    assert "Beboerhuset · Bolbro · Tirsdag" in danish.text
    assert "Beboerhuset" in entry.text
    assert 'href="../find?language=da&amp;q=mad"' in entry.text
    assert "Uden trin" in entry.text
    assert "Vi fandt desværre ikke noget" in nothing.text
    assert "Vi kender ikke det sted" in nothing.text


async def test_whoever_reads_it_is_counted_without_a_script(centre: Centre) -> None:
    house = await centre.organisation()
    meal = await centre.activity(house)

    for _ in range(2):
        await centre.get("find", BROWSER)
    await centre.get(f"find/{meal['id']}", BROWSER)
    await centre.get("find", BROWSER | {"dnt": "1"})

    async def counted() -> None:
        async with centre.database.transaction(centre.tenant) as session:
            rows = await (await session.connection()).execute(
                text("select payload from outbox where type = 'kompas.web.page.viewed.v1' order by id")
            )
            pages = [json.loads(row.payload)["data"]["page"] for row in rows]
        assert pages == ["/find", "/find", "/find/aktivitet"]

    await eventually(counted)


async def test_its_pages_follow_on_and_what_belongs_to_it_is_served(centre: Centre) -> None:
    house = await centre.organisation()
    for number in range(21):
        await centre.activity(house, title=f"Kor {number}")

    first = (await centre.get("find", BROWSER, q="kor", language="da")).text
    following = first.split("cursor=")[1].split('"')[0].split("&")[0]
    second = (await centre.get("find", BROWSER, q="kor", language="da", cursor=following)).text

    assert (first.count("<article"), second.count("<article")) == (20, 1)
    assert "Til de første" in second
    assert (await centre.get("find.js")).headers["content-type"].startswith("text/javascript")
    assert (await centre.get("find.css")).headers["content-type"].startswith("text/css")
    assert (await centre.get("find", BROWSER, cursor="x")).status_code == 422
