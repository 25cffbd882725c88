"""The page behind an owner's link, in a real browser: opening it answers nothing; a tap does, and can be undone."""

from playwright.async_api import Page, Route

from shared.clock import today
from tests.service.directory.centre import Centre, Json
from tests.service.directory.keeping import PUBLIC, Letter, letters, round_on, speaks, standing
from tests.support.browser import browser


async def asked(centre: Centre, **speaker: str) -> tuple[Letter, list[Json]]:
    """A café with two evenings that came from the old site, so that its owner is asked today."""
    cafe = await centre.organisation()
    meals = [await centre.activity(cafe, title=title) for title in ("Spis sammen", "Dans sammen")]
    await speaks(centre, cafe, **speaker)
    await centre.run("update activities set source = 'gammel-side'")
    await round_on(centre, str(today()))
    (letter,) = await letters(centre)
    return letter, meals


async def opened(page: Page, letter: Letter, tapped: str = "") -> list[str]:
    """The page with its real headers; the answer is what the console complains about."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    async def answer(route: Route) -> None:
        request = route.request
        assert "#" not in request.url
        found = await letter.centre.client.request(
            request.method, request.url.removeprefix(PUBLIC), headers=request.headers, content=request.post_data_buffer
        )
        await route.fulfill(status=found.status_code, headers=dict(found.headers), body=found.content)

    await page.route(f"{PUBLIC}/**", answer)
    tenant = letter.centre.tenant
    await page.goto(f"{PUBLIC}/directory/{tenant}/assure#{letter.id}.{letter.token}{tapped}")
    return complaints


async def test_one_tap_in_the_mail_is_one_big_button_and_a_person_taps_it(centre: Centre) -> None:
    letter, meals = await asked(centre)
    async with browser(viewport={"width": 320, "height": 640}, locale="en-GB") as context:
        page = await context.new_page()
        wrong = Letter(centre, f"{PUBLIC}/directory/{centre.tenant}/assure#{letter.id}.wrong")
        await opened(page, wrong)
        await page.get_by_text("The link does not work.").wait_for()

        page = await context.new_page()
        complaints = await opened(page, letter, ".still_right")

        # In the owner's language, whatever the browser's. Opening it, as a scanner does, has answered nothing.
        button = page.get_by_role("button", name="Ja, alle 2 passer stadig")
        await button.wait_for()
        for meal in meals:
            assert await standing(centre, "activities", meal["id"]) == ("asked", None)
            assert await page.get_by_role("heading", name=meal["title"]).is_visible()

        await button.click()
        await page.get_by_text("Tak! Der er ikke mere at svare på.").wait_for()
        for meal in meals:
            assert await standing(centre, "activities", meal["id"]) == ("fresh", str(today()))
        assert await page.evaluate("document.documentElement.scrollWidth <= 320")
        assert complaints == []


async def test_an_owner_tells_what_has_changed_and_takes_a_closing_back(centre: Centre) -> None:
    letter, (meal, dance) = await asked(centre, language="en")
    async with browser() as context:
        page = await context.new_page()
        await opened(page, letter, ".changed")
        first, second = page.locator("section").first, page.locator("section").nth(1)

        await first.get_by_role("button", name="Something has changed").click()
        await first.get_by_role("textbox").fill("Nu om onsdagen")
        await first.get_by_role("button", name="Send").click()
        await first.get_by_text("The volunteer centre has been told").wait_for()

        await second.get_by_role("button", name="It is no more").click()
        await second.get_by_text("It is not shown any more.").wait_for()
        assert [found["id"] for found in await centre.found("activities")] == [meal["id"]]
        await second.get_by_role("button", name="Undo").click()
        await second.get_by_role("button", name="Still right").wait_for()
        assert {found["id"] for found in await centre.found("activities")} == {meal["id"], dance["id"]}
