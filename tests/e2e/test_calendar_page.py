"""The public calendar, and the page of one's own seat, in a real browser."""

from datetime import timedelta

from shared.clock import now
from tests.e2e.test_manage_page import AMINA, watched
from tests.support.browser import browser
from tests.support.system import Staff, System


async def test_somebody_finds_a_course_on_a_phone_and_whoever_waits_takes_the_seat_that_is_given_back(
    system: System,
) -> None:
    starts_at = now() + timedelta(days=9)
    async with system.client() as client, browser(viewport={"width": 320, "height": 640}) as context:
        staff = Staff(client, system.bearer())
        course = await staff.post(
            "booking/gatherings",
            {"kind": "course", "title": "Kursus i at lede frivillige", "form": "physical", "capacity": 1,
             "organisers": [{"name": "Frivilligcentret", "sector": "voluntary"}], "locality": "Bolbro",
             "starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(hours=2)).isoformat()},
        )  # fmt: skip
        path = f"booking/gatherings/{course['id']}/signups"
        holder = await staff.post(path, {"contact": AMINA, "channel": "self"})
        page = await context.new_page()
        errors = watched(page)

        await page.goto(f"{system.url}/booking/odense/calendar?language=da")
        await page.get_by_label("Søgeord").fill("leder frivillige")
        await page.get_by_label("Sted").select_option("Bolbro")
        await page.keyboard.press("Tab")
        await page.get_by_role("button", name="Find").press("Enter")
        found = page.get_by_role("article", name="Kursus i at lede frivillige")
        await found.get_by_text("Fuldt; man kan stå i kø").wait_for()
        assert "locality=Bolbro" in page.url
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "scrolls sideways on a phone"

        await found.get_by_role("link", name="Tilmeld dig").click()
        await page.get_by_text("Der er fuldt. Du kan stå i kø.").wait_for()
        await page.get_by_label("Navn").fill("Åse Sørensen")
        await page.get_by_label("E-mail").fill("aase@example.dk")
        await page.get_by_role("button", name="Tilmeld mig").click()
        await page.get_by_text("Du er nummer 1 i køen.").wait_for()
        own = page.url

        await page.goto(f"{system.url}/booking/odense/seat#{holder['id']}.{holder['manage_token']}")
        await page.get_by_role("button", name="Meld afbud").click()
        await page.get_by_role("button", name="Ja, meld afbud").click()
        await page.get_by_text("Du er meldt fra.").wait_for()
        await page.goto(own)
        await page.get_by_role("button", name="Ja tak til pladsen").click()
        await page.get_by_text("Du har en plads.").wait_for()
        assert await page.get_by_text("Kursus i at lede frivillige").is_visible()
        assert errors == []
