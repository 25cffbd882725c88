"""The page that a citizen's mail links to, in a real browser."""

from datetime import timedelta

from playwright.async_api import Page

from shared.clock import today
from tests.support.browser import browser
from tests.support.system import Staff, System

AMINA = {"name": "Amina Østergård", "email": "amina@example.dk", "language": "da"}


async def booked(staff: Staff, **fields: object) -> str:
    """The link to a new booking, as the mail has it."""
    hours = [{"weekday": weekday, "from": "09:00", "to": "16:00"} for weekday in range(7)]
    resource = await staff.post(
        "booking/resources",
        {
            "kind": "conversation",
            "name": "Samtale",
            "slot_minutes": 30,
            "buffer_minutes": 0,
            "opening_hours": hours,
            "closed_on": [],
            **fields,
        },
    )
    window = {"from": str(today() + timedelta(days=2)), "to": str(today() + timedelta(days=3))}
    slot = (await staff.get(f"booking/resources/{resource['id']}/slots", **window))["items"][0]
    wish = {"resource_id": resource["id"], **slot, "purpose": "seeking_community", "contact": AMINA}
    answer = await staff.client.post("/booking/odense/bookings", json=wish)  # As a citizen: staff need no approval.
    booking = answer.raise_for_status().json()
    return f"/booking/odense/manage#{booking['id']}.{booking['manage_token']}"


async def test_a_citizen_sees_the_booking_changes_their_mind_and_cancels(system: System) -> None:
    async with system.client() as client, browser(viewport={"width": 320, "height": 640}) as context:
        page = await context.new_page()
        errors = watched(page)
        await page.goto(system.url + await booked(Staff(client, system.bearer())))

        await page.get_by_text("Tiden er din.").wait_for()
        assert "09.00" in await page.locator("#when").inner_text()
        assert "fællesskab" not in (await page.content()).lower()

        await page.get_by_role("button", name="Aflys tiden").click()
        await page.get_by_role("button", name="Nej, behold").click()
        assert await page.get_by_text("Tiden er din.").is_visible()

        await page.get_by_role("button", name="Flyt tiden").click()
        await page.locator("#times button", has_text="10.00").first.click()
        await page.get_by_text("Tiden er din.").wait_for()
        assert "10.00" in await page.locator("#when").inner_text()

        await page.keyboard.press("Tab")
        await page.get_by_role("button", name="Aflys tiden").focus()
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Ja, aflys").click()
        await page.get_by_text("Tiden er aflyst.").wait_for()
        assert not await page.get_by_role("button", name="Aflys tiden").is_visible()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "scrolls sideways on a phone"
        assert errors == []


async def test_a_request_that_is_declined_says_why_and_what_is_free_and_a_booking_goes_into_one_s_own_calendar(
    system: System,
) -> None:
    async with system.client() as client, browser() as context:
        staff = Staff(client, system.bearer())
        link = await booked(staff, approval=True)
        booking = link.partition("#")[2].partition(".")[0]
        page = await context.new_page()
        errors = watched(page)
        await page.goto(system.url + link)
        await page.get_by_text("Vi har din anmodning").wait_for()
        await page.get_by_text("Få den i din egen kalender").click()
        await page.get_by_role("button", name="Læg den i kalenderen").click()
        await page.get_by_text("Den er i kalenderen.").wait_for()
        address = await page.locator("#own-address").input_value()
        feed = (await client.get(address)).text

        await staff.post(f"booking/bookings/{booking}/decline", {"reason": "Vi holder flyttedag."}, expected=200)
        await page.reload()
        await page.get_by_text("Vi holder flyttedag.").wait_for()
        await page.locator("#occurrences", has_text="Ledig i stedet").wait_for()
        assert await page.locator("#occurrences li").count() > 5
        assert f"UID:{booking}@odense.kompas" in feed
        assert "STATUS:TENTATIVE" in feed
        assert errors == []


async def test_a_wrong_link_says_so_and_shows_nothing(system: System) -> None:
    async with system.client() as client, browser() as context:
        link = await booked(Staff(client, system.bearer()))
        page = await context.new_page()
        await page.goto(system.url + link[:-3])

        await page.get_by_text("Linket virker ikke.").wait_for()
        assert not await page.locator("#booking").is_visible()
        assert not await page.locator("#cancel").is_visible()


def watched(page: Page) -> list[str]:
    """What the page's console complains about, a blocked script or style included."""
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors
