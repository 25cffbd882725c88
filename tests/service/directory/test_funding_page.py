"""The page behind a letter's link, in a real browser: opening it chooses nothing, one tap ends the letters."""

from datetime import timedelta

from playwright.async_api import Route

from shared.clock import today
from tests.service.directory.centre import Centre
from tests.service.directory.keeping import PUBLIC, speaks
from tests.service.directory.test_funding import funder, letters, morning, noted
from tests.support.browser import browser


async def test_one_tap_in_the_mail_is_one_big_button_and_a_person_taps_it(centre: Centre) -> None:
    fund, cafe = await funder(centre), await centre.organisation()
    await speaks(centre, cafe)
    await noted(centre, fund, str(today() + timedelta(days=20)), note="<b>Ring</b>")
    await morning(centre, str(today()))
    link = (await letters(centre))["mona@example.dk"]["manage_url"]

    async def answer(route: Route) -> None:
        request = route.request
        assert "#" not in request.url
        found = await centre.client.request(
            request.method, request.url.removeprefix(PUBLIC), headers=request.headers, content=request.post_data_buffer
        )
        await route.fulfill(status=found.status_code, headers=dict(found.headers), body=found.content)

    async with browser(viewport={"width": 320, "height": 640}, locale="en-GB") as context:
        page = await context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.route(f"{PUBLIC}/**", answer)

        await page.goto(f"{link}.stop")

        # In the reader's language, whatever the browser's. Opening it, as a scanner does, has chosen nothing.
        button = page.get_by_role("button", name="Nej tak til flere mails om frister")
        await button.wait_for()
        assert await page.get_by_role("heading", name="§18-midler").is_visible()
        assert await page.get_by_text("<b>Ring</b>").is_visible()
        await page.get_by_text("højst én om ugen").wait_for()
        await button.click()
        await page.get_by_text("I får ikke flere mails om frister.").wait_for()
        await page.get_by_role("button", name="English").click()
        await page.get_by_role("button", name="Mail us about deadlines again").click()
        await page.get_by_text("at most one a week").wait_for()
        link = await page.get_by_role("link", name="Have the deadlines in your own calendar").get_attribute("href")
        assert link == f"webcal://kompas.example/directory/{centre.tenant}/funding-deadlines/calendar.ics"
        assert await page.evaluate("document.documentElement.scrollWidth <= 320")
        assert complaints == []
