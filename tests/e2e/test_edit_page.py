"""An association's editor, from the mailed link to an activity that everybody reads, in a real browser."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import uuid4

from playwright.async_api import Page, expect

from tests.support.browser import browser
from tests.support.system import Json, Staff, System
from tests.support.waiting import PATIENCE, eventually

# A centre of its own: what is shown here moves no plan's goals.
TENANT = "svendborg"
expect.set_options(timeout=PATIENCE * 1000)


def mails(system: System, address: str) -> list[EmailMessage]:
    files = sorted((system.home / "mailbox").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    found = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    return [mail for mail in found if mail["To"] == address]


async def editor(system: System, staff: Staff) -> tuple[Json, str]:
    """A new association, and the link that its editor finds in the mail."""
    mark = uuid4().hex[:8]
    address = f"aase-{mark}@example.dk"
    cafe = await staff.post(
        "directory/organisations", {"name": f"Café Klare {mark}", "kind": "association", "sector": "voluntary"}
    )
    contacts = f"directory/organisations/{cafe['id']}/contacts"
    role = await staff.post(contacts, {"role": "editor", "name": "Åse Sørensen", "email": address})
    await staff.post(f"{contacts}/{role['id']}/link")
    await eventually(lambda: len(mails(system, address)) == 1)
    (mail,) = mails(system, address)
    assert mail["Subject"] == "Jeres side i vejviseren"
    found = re.search(rf"http\S+/directory/{staff.tenant}/edit#\S+", mail.get_content())
    assert found
    return cafe, found[0]


def watched(page: Page) -> list[str]:
    """What the page's console complains about, a blocked script or style included."""
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors


async def test_an_editor_writes_little_shows_it_and_later_asks_the_centre_first(system: System) -> None:
    async with (
        system.client() as client,
        browser(locale="da-DK", viewport={"width": 320, "height": 640}) as context,
    ):
        staff = Staff(client, system.bearer(tenant=TENANT), TENANT)
        cafe, link = await editor(system, staff)
        own = f"/directory/{TENANT}/activities?organisation_id={cafe['id']}"
        page = await context.new_page()
        errors = watched(page)
        await page.goto(link)

        # A title is enough to begin with; what is missing is asked for, not demanded.
        await page.get_by_text("I viser ingen aktiviteter endnu.").wait_for()
        await page.get_by_role("button", name="Ny aktivitet").click()
        await page.get_by_label("Hvad hedder det?").fill("Strikkecafé")
        await page.get_by_role("button", name="Gem og se det").click()
        await page.get_by_text("Gemt. Ingen andre ser det endnu.").wait_for()
        await expect(page.locator("#hints li")).to_have_count(8)
        assert (await client.get(own)).json()["items"] == []

        await page.get_by_label("Hvad foregår der?").fill("Vi strikker <b>sammen</b>")
        await page.get_by_label("Hver Every").select_option("1")
        await page.get_by_label("fra from").fill("19:00")
        await page.get_by_label("til to").fill("21:30")
        await page.get_by_label("Bydel eller by").fill("Tåsinge")
        await page.get_by_role("button", name="Gem og se det").click()
        await expect(page.locator("#hints li")).to_have_count(5)
        await expect(page.locator("#shown")).to_contain_text("Vi strikker <b>sammen</b>")
        await expect(page.locator("#shown")).to_contain_text("tirsdag 19:00–21:30")
        await page.get_by_role("button", name="Vis det for alle").click()
        await page.get_by_role("button", name="Strikkecafé: Vises for alle").wait_for()
        (shown,) = (await client.get(own)).json()["items"]
        assert (shown["title"], shown["locality"], shown["schedules"][0]["from"]) == ("Strikkecafé", "Tåsinge", "19:00")

        # A wrong value is told where it stands.
        await page.get_by_role("button", name="Strikkecafé").click()
        await page.get_by_text("Mere More").click()
        postcode = page.get_by_label("Postnummer")
        await postcode.fill("12")
        await page.get_by_role("button", name="Gem og se det").click()
        await expect(postcode).to_have_attribute("aria-invalid", "true")
        await expect(postcode).to_be_focused()
        await expect(page.locator("#message")).to_contain_text("Postnummer skal være et dansk postnummer")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "scrolls sideways on a phone"
        assert [each for each in errors if "422" not in each] == []

        # Where the centre wants to see it first, nobody else does before; what is sent back says why.
        await client.put(f"/directory/{TENANT}/review", json={"wanted": True}, headers=staff.bearer)
        await page.reload()
        await page.get_by_role("button", name="Strikkecafé: Vises for alle").click()
        await page.get_by_label("Hvad hedder det?").fill("Strik for alle")
        await page.get_by_role("button", name="Gem og se det").click()
        await page.get_by_role("button", name="Send til frivilligcentret").click()
        await page.get_by_role("button", name="Strikkecafé: Ligger hos frivilligcentret").wait_for()
        (change,) = (await staff.get("directory/changes", state="submitted"))["items"]
        assert change["changed"] == [{"field": "title", "before": "Strikkecafé", "after": "Strik for alle"}]
        await staff.post(f"directory/changes/{change['id']}/return", {"reason": "Er der plads til alle?"}, 200)
        await page.reload()
        await page.get_by_role("button", name="Strikkecafé: Sendt tilbage til jer").click()
        await page.get_by_text("Er der plads til alle?").wait_for()
        await page.get_by_role("button", name="Gem og se det").click()
        await page.get_by_role("button", name="Send til frivilligcentret").click()
        await page.get_by_role("button", name="Strikkecafé: Ligger hos frivilligcentret").wait_for()
        await staff.post(f"directory/changes/{change['id']}/approve", None, 200)
        await page.reload()
        await page.get_by_role("button", name="Strik for alle: Vises for alle").wait_for()

        # A link that was taken back opens nothing, and offers another.
        links = f"directory/organisations/{cafe['id']}/editor-links"
        (given,) = (await staff.get(links))["items"]
        await staff.post(f"{links}/{given['id']}/revoke", None, 200)
        await page.reload()
        await page.get_by_text("Linket virker ikke mere.").wait_for()
        assert not await page.locator("#overview").is_visible()
        await page.get_by_label("Er du redaktør?").fill("nobody@example.dk")
        await page.get_by_role("button", name="Send et link").click()
        await page.get_by_text("Er adressen en redaktørs").wait_for()
