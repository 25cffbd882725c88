"""The page where citizens search, in a real browser: with and without scripts, on a phone, in both languages."""

from tests.e2e.test_manage_page import watched
from tests.support.browser import browser
from tests.support.system import Staff, System

# The page counts its views; what other tests expect of the centre's numbers is theirs.
UNCOUNTED = {"dnt": "1"}


async def test_somebody_lonely_finds_a_meal_on_a_phone_and_another_without_scripts(system: System) -> None:
    async with (
        system.client() as client,
        browser(viewport={"width": 320, "height": 640}, extra_http_headers=UNCOUNTED) as context,
    ):
        staff = Staff(client, system.bearer())
        house = await staff.post(
            "directory/organisations", {"name": "Naboerne", "kind": "association", "sector": "voluntary"}
        )
        for title, words, place in (
            ("Fællesspisning i beboerhuset", "Vi spiser sammen. Kom som du er <b>.", "Bolbro"),
            ("Fællesspisning for sangglade", "Vi spiser og synger.", "Tarup"),
        ):
            activity = await staff.post(
                "directory/activities",
                {"organisation_id": house["id"], "title": title, "description": words, "themes": ["mad"],
                 "locality": place, "languages": ["da"]},
            )  # fmt: skip
            await staff.post(f"directory/activities/{activity['id']}/publish", expected=200)
        page = await context.new_page()
        errors = watched(page)

        await page.goto(f"{system.url}/directory/odense/find?language=da")
        await page.get_by_label("Hvad leder du efter?").press_sequentially("fællessp")
        await page.locator("#suggestions option[value='fællesspisning']").wait_for(state="attached")
        await page.get_by_label("Hvad leder du efter?").fill("faelesspisning beboerhuset")
        await page.get_by_role("button", name="Søg").first.press("Enter")
        await page.get_by_role("status").get_by_text("1 aktivitet").wait_for()
        await page.get_by_text("Vi søgte efter").wait_for()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "scrolls sideways on a phone"
        await page.get_by_role("link", name="Fællesspisning i beboerhuset").click()
        await page.get_by_role("heading", name="Fællesspisning i beboerhuset").wait_for()
        assert await page.get_by_text("Kom som du er <b>.").is_visible()
        await page.get_by_role("link", name="In English").click()
        await page.get_by_role("link", name="Back to the search").click()
        await page.get_by_label("What are you looking for?").wait_for()
        assert errors == []

    async with browser(java_script_enabled=False, extra_http_headers=UNCOUNTED) as context:
        page = await context.new_page()
        await page.goto(f"{system.url}/directory/odense/find?language=da&q=ensom")
        await page.get_by_role("heading", name="Fællesspisning for sangglade").wait_for()
        await page.get_by_text("Vælg nærmere").click()
        await page.get_by_label("Sted", exact=True).select_option("Tarup")
        await page.get_by_role("button", name="Søg").last.click()
        await page.get_by_role("status").get_by_text("1 aktivitet").wait_for()
        assert await page.get_by_role("article").count() == 1
        assert "locality=Tarup" in page.url
