"""The follow-up table in a real browser: on a phone, on paper, by keyboard, under its own policy."""

from playwright.async_api import Page, Route

from tests.service.kpi.centre import Centre
from tests.service.kpi.followed import PLAN, follow
from tests.support.browser import browser
from tests.support.waiting import eventually


async def opened(page: Page, centre: Centre) -> list[str]:
    """The page with its real headers; the answer is what the console complains about."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    async def answer(route: Route) -> None:
        found = await centre.client.get(route.request.url.removeprefix("http://kompas"))
        await route.fulfill(status=found.status_code, headers=dict(found.headers), body=found.content)

    await page.route("http://kompas/**", answer)
    await page.goto(f"http://kompas/kpi/{centre.tenant}/plans/{PLAN}/report")
    return complaints


async def test_the_table_is_read_on_a_phone_and_moved_by_keyboard(centre: Centre) -> None:
    await follow(centre)
    async with browser(viewport={"width": 320, "height": 640}) as context:
        page = await context.new_page()
        complaints = await opened(page, centre)

        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "scrolls sideways on a phone"
        table = page.get_by_role("table", name="Samtaler & møder")
        assert await table.get_by_role("row").count() == 3
        assert await table.get_by_role("columnheader", name="Værdi").count() == 1
        assert await table.get_by_role("rowheader", name="1.1 11.000 bookede samtaler").count() == 1
        region = page.get_by_role("region", name="Samtaler & møder")
        await region.focus()
        await page.keyboard.press("ArrowRight")
        # The page's own policy forbids the script by which Playwright would wait for a condition.
        await eventually(
            lambda: region.evaluate("region => region === document.activeElement && region.scrollLeft > 0")
        )
        assert complaints == []


async def test_the_style_is_applied_and_paper_has_no_buttons_and_no_cut_columns(centre: Centre) -> None:
    await follow(centre)
    async with browser(viewport={"width": 1040, "height": 720}) as context:
        page = await context.new_page()
        complaints = await opened(page, centre)
        head = page.locator("thead th").first
        assert await head.evaluate("th => getComputedStyle(th).backgroundColor") == "rgb(238, 241, 244)"

        await page.emulate_media(media="print")
        assert not await page.get_by_role("link", name="xlsx").is_visible()
        assert await page.evaluate("[...document.querySelectorAll('table')].every(t => t.offsetWidth <= innerWidth)")
        assert complaints == []


async def test_without_colour_the_results_are_told_apart_by_words_and_signs(centre: Centre) -> None:
    await follow(centre)
    async with browser() as context:
        page = await context.new_page()
        await opened(page, centre)

        table = page.get_by_role("table", name="Synlighed")
        assert "Ikke begyndt" in await table.inner_text()
        assert "Resultatet er ikke nået" in await table.inner_text()
