"""The page behind an association's link, in a real browser: on a phone, by keyboard, in two languages."""

from datetime import timedelta

import httpx2
import pytest
from playwright.async_api import Page, Route

from shared.clock import today
from shared.database import Database
from tests.service.kpi.asking import Association, asked, association
from tests.service.kpi.centre import Centre
from tests.support.browser import browser
from tests.support.people import fresh_tenant


@pytest.fixture
def centre(client: httpx2.AsyncClient, database: Database) -> Centre:
    """It goes by no plan; nothing is counted here."""
    return Centre(client, database, fresh_tenant())


async def opened(page: Page, one: Association, *, without: str = "") -> list[str]:
    """The page with its real headers; the answer is what the console complains about."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    async def answer(route: Route) -> None:
        request = route.request
        if "#" in request.url:
            raise AssertionError("the token left the browser")
        found = await one.centre.client.request(
            request.method,
            request.url.removeprefix("http://kompas"),
            headers={**request.headers},
            content=request.post_data_buffer,
        )
        await route.fulfill(status=found.status_code, headers=dict(found.headers), body=found.content)

    await page.route("http://kompas/**", answer)
    link = (await one.link()).removeprefix("http://127.0.0.1:8000")
    await page.goto(f"http://kompas{link.removesuffix(without)}")
    return complaints


async def test_an_association_answers_is_told_what_is_wrong_corrects_and_finds_its_answer_again(
    centre: Centre,
) -> None:
    chess = association(centre)
    last = today() + timedelta(days=5)
    survey = await asked(centre, chess, closes_on=str(last))
    async with browser(viewport={"width": 320, "height": 640}, locale="da-DK") as context:
        page = await context.new_page()
        complaints = await opened(page, chess)

        # It says what it is, for whom, and until when.
        await page.get_by_role("heading", name="Tal fra din forening").wait_for()
        assert await page.get_by_text("I svarer for Bolbro Skakklub.").is_visible()
        assert await page.get_by_text(f"til og med {last.day}. ").is_visible()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "scrolls sideways on a phone"

        # Nothing, then a wrong number: told in words, at the question and on top, and reachable by keyboard.
        await page.get_by_role("button", name="Send svar").click()
        await page.get_by_text("Svar på mindst ét spørgsmål.").wait_for()
        number = page.get_by_label("Hvor mange nye frivillige har I fået?")
        await number.fill("-3")
        await page.get_by_role("group", name="Har I fået hjælp").get_by_label("Ja").check()
        await page.get_by_role("button", name="Send svar").click()
        await page.get_by_text("Svaret skal være et tal fra 0 til en milliard.", exact=True).wait_for()
        assert await number.get_attribute("aria-invalid") == "true"
        assert await number.input_value() == "-3"
        assert await page.evaluate("document.activeElement.id") == "mistakes"
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        assert await page.evaluate("document.activeElement.id") == "q-new_volunteers"

        await number.fill("4")
        await page.get_by_label("Hvad ønsker I jer?").fill("Flere unge, hilsen Åse <b>")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await page.get_by_text("Tak for jeres svar!").wait_for()
        assert await page.evaluate("document.activeElement.id") == "message"
        # The two refusals are the browser's own notes about 422.
        assert [each for each in complaints if "422" not in each] == []

        # In English, with what was answered; then corrected.
        again = await context.new_page()
        await opened(again, chess)
        await again.get_by_text("I svarede den").wait_for()
        await again.get_by_role("button", name="English").click()
        assert await again.get_by_text("You answered on").is_visible()
        assert await again.locator("html").get_attribute("lang") == "en"
        assert await again.get_by_label("Hvad ønsker I jer?").input_value() == "Flere unge, hilsen Åse <b>"
        assert await again.get_by_role("group", name="Har I fået hjælp").get_by_label("Yes").is_checked()
        await again.get_by_role("group", name="Har I fået hjælp").get_by_label("No answer").check()
        await again.get_by_role("button", name="Send the corrected answer").click()
        await again.get_by_text("Thank you for your answer!").wait_for()
        assert (await chess.sees())["answers"] == {"new_volunteers": 4, "wish": "Flere unge, hilsen Åse <b>"}

        # Closed while a page is open: sending says so, and the answer stands there to be read.
        await centre.post(f"surveys/{survey['id']}/close")
        await again.get_by_role("button", name="Send the corrected answer").click()
        await again.get_by_text("The survey is closed. This is your answer.").wait_for()
        assert not await again.get_by_role("button", name="Send the corrected answer").is_visible()
        assert await again.get_by_label("Hvor mange").is_disabled()


async def test_a_wrong_link_says_so_and_shows_nothing(centre: Centre) -> None:
    chess = association(centre)
    await asked(centre, chess)
    link = await chess.link()
    async with browser(locale="en-GB") as context:
        page = await context.new_page()
        await opened(page, chess, without=link[-3:])

        await page.get_by_text("The link does not work.").wait_for()
        assert not await page.locator("#form").is_visible()
