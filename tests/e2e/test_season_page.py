"""A season's wishes, collisions and account, in a real browser."""

from datetime import timedelta
from uuid import UUID

from shared.clock import today
from tests.e2e.test_manage_page import watched
from tests.support.browser import browser
from tests.support.system import Staff, System

KOR, SKAK = UUID(int=7), UUID(int=8)


async def test_an_association_wishes_and_sees_what_collides_and_staff_see_how_it_would_fall_out(system: System) -> None:
    begins = today() + timedelta(days=14)
    hours = [{"weekday": weekday, "from": "09:00", "to": "22:00"} for weekday in range(7)]
    async with system.client() as client, browser(viewport={"width": 320, "height": 640}) as context:
        staff = Staff(client, system.bearer())
        hall = await staff.post(
            "booking/resources",
            {"kind": "room", "name": "Store sal", "slot_minutes": 60, "opening_hours": hours, "closed_on": []},
        )
        season = {"season_from": str(begins), "season_until": str(begins + timedelta(days=27))}
        made = await staff.post(
            "booking/rounds",
            {"name": "Næste sæson", "resource_ids": [hall["id"]], "wishes_until": str(today()), **season},
        )
        wish = {"weekday": 0, "from": "19:00", "to": "21:00", "organisation_id": str(SKAK)}
        await staff.post(f"booking/rounds/{made['id']}/wishes", wish)

        page = await context.new_page()
        errors = watched(page)
        await page.goto(f"{system.url}/booking/odense/season")
        await page.get_by_label("Adgangsnøgle").fill(token(system, "association", KOR))
        await page.get_by_role("button", name="Log ind").click()
        await page.get_by_role("button", name="Næste sæson").click()
        await page.get_by_text("Ingen · None").wait_for()
        await page.get_by_label("Ugedag").select_option("mandag")
        await page.get_by_label("Fra").fill("19:00")
        await page.get_by_label("til to").fill("21:00")
        await page.get_by_label("Helst her").select_option("Store sal")
        await page.get_by_role("button", name="Tilføj ønsket").click()
        await page.get_by_text("Ønsket er tilføjet.").wait_for()
        await page.locator("#wishes", has_text="1. mandag 19:00–21:00, Store sal").wait_for()
        await page.locator("#collisions", has_text="4 gange").wait_for()
        assert not await page.get_by_role("button", name="Fordel tiderne nu").is_visible()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "scrolls sideways on a phone"
        quiet = [error for error in errors if not expected(error)]

        await page.goto(f"{system.url}/booking/odense/calendar")
        await page.goto(f"{system.url}/booking/odense/season#{made['id']}")
        await page.get_by_label("Adgangsnøgle").fill(token(system, "staff"))
        await page.get_by_role("button", name="Log ind").click()
        await page.get_by_role("button", name="Vis, hvordan").click()
        await page.get_by_text("Ønsket: 16 timer. Givet: 8 timer.").wait_for()
        assert await page.locator("#shares details").count() == 2
        assert await page.locator("#shares summary", has_text="4 timer af 8 timer").count() == 2
        assert quiet == []


def token(system: System, role: str, organisation_id: UUID | None = None) -> str:
    return str(system.bearer(role, organisation_id=organisation_id)["authorization"]).removeprefix("Bearer ")


def expected(error: str) -> bool:
    """The browser notes each answer that is no success: what is only for staff, not decided yet, or has no name."""
    return any(status in error for status in ("403", "404", "409"))
