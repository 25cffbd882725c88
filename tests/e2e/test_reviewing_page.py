"""Staff read what an association has changed, send it back and approve it, in real browsers on both sides."""

from uuid import uuid4

from playwright.async_api import Page, expect

from tests.e2e.test_edit_page import editor, watched
from tests.support.browser import browser
from tests.support.system import Staff, System
from tests.support.waiting import PATIENCE

# A centre of its own: what waits here is what this test sent in.
TENANT = "nyborg"
expect.set_options(timeout=PATIENCE * 1000)


async def sends_in(page: Page, title: str, **fields: str) -> None:
    """The editor opens the activity that is called so, writes, and sends it in."""
    await page.get_by_role("button", name=title).click()
    for label, words in fields.items():
        await page.locator(f"#{label}").fill(words)
    await page.get_by_role("button", name="Gem og se det").click()
    await page.get_by_role("button", name="Send til frivilligcentret").click()
    await page.get_by_role("button", name=f"{title}: Ligger hos frivilligcentret").wait_for()


async def test_staff_see_the_two_fields_that_change_send_them_back_and_approve_them(system: System) -> None:
    phone = {"width": 320, "height": 640}
    async with system.client() as client, browser(locale="da-DK", viewport=phone) as context:
        staff = Staff(client, system.bearer(tenant=TENANT), TENANT)
        cafe, link = await editor(system, staff)
        title = f"Strikkecafé {uuid4().hex[:6]}"
        words = {"title": title, "description": "Vi strikker om onsdagen.", "locality": "Tåsinge"}
        meal = await staff.post("directory/activities", {"organisation_id": cafe["id"], **words})
        await staff.post(f"directory/activities/{meal['id']}/publish", expected=200)
        await client.put(f"/directory/{TENANT}/review", json={"wanted": True}, headers=staff.bearer)
        hers = await context.new_page()
        await hers.goto(link)
        await sends_in(hers, title, description="Vi strikker om torsdagen.", address="Strandvej 1")

        # Exactly the two fields, and the one word of the longer one.
        page = await context.new_page()
        errors = watched(page)
        await page.goto(f"{system.url}/directory/{TENANT}/reviewing")
        await page.get_by_label("Adgangsnøgle").fill(staff.bearer["authorization"].removeprefix("Bearer "))
        await page.get_by_role("button", name="Log ind").click()
        await page.get_by_role("link", name=title).press("Enter")
        await expect(page.get_by_role("heading", name=title).first).to_be_focused()
        told = page.get_by_text("får en mail om, hvad I har besluttet: cirka ti minutter efter")
        await expect(told).to_be_visible()
        await expect(told).to_contain_text("The mail does not give the reason.")
        assert await page.locator("#parts h4").all_inner_texts() == ["Beskrivelse Description", "Adresse Address"]
        assert await page.locator("#parts del").all_text_contents() == ["[fjernet: onsdagen] "]
        assert await page.locator("#parts ins").all_text_contents() == ["[nyt: torsdagen] ", "[nyt: Strandvej 1] "]
        await expect(page.locator("#looks article")).to_contain_text("Vi strikker om torsdagen.")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "scrolls sideways on a phone"

        # It changes while she writes: she sees the newest, and what she wrote is still there. It was sent in with a
        # token now, and nobody is mailed.
        await page.get_by_label("Eller send det tilbage").fill("Er det hver torsdag?")
        own = Staff(client, system.bearer("association", TENANT, cafe["id"]), TENANT)
        (change,) = (await own.get("directory/changes"))["items"]
        await own.post(f"directory/activities/{meal['id']}/changes", {"address": "Strandvej 2"}, 200)
        await own.post(f"directory/changes/{change['id']}/submit", expected=200)
        await page.get_by_role("button", name="Send tilbage").click()
        await page.get_by_text("Foreningen har rettet den, mens du læste.").wait_for()
        await expect(page.locator("#parts ins").last).to_contain_text("Strandvej 2")
        await expect(told).to_be_hidden()
        await expect(page.get_by_label("Eller send det tilbage")).to_have_value("Er det hver torsdag?")
        await page.get_by_role("button", name="Send tilbage").click()
        await page.get_by_role("status").get_by_text(f"Sendt tilbage: {title}").wait_for()

        await hers.bring_to_front()  # The browser lets pages in the background wait.
        await hers.reload()
        await hers.get_by_role("button", name=f"{title}: Sendt tilbage til jer").click()
        await hers.get_by_text("Er det hver torsdag?").wait_for()
        await hers.get_by_role("button", name="Tilbage").click()
        await sends_in(hers, title, description="Vi strikker hver torsdag.")

        await page.bring_to_front()
        await page.get_by_role("button", name="Hent listen igen").click()
        await page.get_by_role("link", name=title).click()
        await expect(told).to_be_visible()
        await page.get_by_role("button", name="Godkend").click()
        await page.get_by_role("status").get_by_text(f"Godkendt: {title}").wait_for()
        public = await context.new_page()
        await public.goto(f"{system.url}/directory/{TENANT}/find/{meal['id']}?language=da")
        await public.get_by_text("Vi strikker hver torsdag.").wait_for()

        await page.bring_to_front()
        await page.get_by_role("button", name="Fortryd").click()
        await page.get_by_text("siger igen, hvad der stod før").wait_for()
        undone = await staff.get(f"directory/activities/{meal['id']}")
        assert (undone["description"], undone["address"]) == (words["description"], None)
        assert [each for each in errors if "412" not in each] == []
