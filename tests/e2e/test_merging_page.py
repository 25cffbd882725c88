"""Staff find what was entered twice, merge it, tell others apart, and take both back, in a real browser."""

import re
from uuid import uuid4

from playwright.async_api import Locator, Page, expect

from tests.e2e.test_edit_page import watched
from tests.support.browser import browser
from tests.support.system import Json, Staff, System
from tests.support.waiting import PATIENCE

# A centre of its own: what looks alike here is what this test entered.
TENANT = "assens"
expect.set_options(timeout=PATIENCE * 1000)


async def entered(staff: Staff, name: str, **fields: str) -> Json:
    said = {"name": name, "kind": "association", "sector": "voluntary", "locality": "Glamsbjerg"}
    return await staff.post("directory/organisations", said | fields)


async def compares(page: Page, name: str) -> None:
    await page.get_by_role("link", name=name).press("Enter")
    await expect(page.get_by_role("heading", name="Er de den samme?")).to_be_focused()


def choice(page: Page, field: str, words: str) -> Locator:
    return page.get_by_role("group", name=field).get_by_role("radio", name=words)


async def test_two_entries_become_one_and_two_again_and_others_are_told_apart(system: System) -> None:
    phone = {"width": 320, "height": 640}
    async with system.client() as client, browser(locale="da-DK", viewport=phone) as context:
        staff = Staff(client, system.bearer(tenant=TENANT), TENANT)
        mark = uuid4().hex[:6]
        kept = await entered(staff, f"Foreningen Åben Dør {mark}", description="Vi spiser hver tirsdag.")
        merged = await entered(staff, f"Aaben Doer {mark}", cvr="13585628", description="Vi spiser hver torsdag.")
        meal = await staff.post("directory/activities", {"organisation_id": merged["id"], "title": "Spis"})
        await staff.post(f"directory/activities/{meal['id']}/publish", expected=200)
        page = await context.new_page()
        errors = watched(page)
        await page.goto(f"{system.url}/directory/{TENANT}/merging")
        await page.get_by_label("Adgangsnøgle").fill(staff.bearer["authorization"].removeprefix("Bearer "))
        await page.get_by_role("button", name="Log ind").click()

        # Side by side: in what they differ, and whose word would stand.
        await compares(page, kept["name"])
        assert await page.locator("legend").all_inner_texts() == [
            "Navn Name", "CVR-nummer CVR number", "Beskrivelse Description",
        ]  # fmt: skip
        described = page.get_by_role("group", name="Beskrivelse").locator("mark")
        assert await described.all_text_contents() == ["[kun her: tirsdag] ", "[kun her: torsdag] "]
        await expect(choice(page, "CVR-nummer", "13585628")).to_be_checked()
        await expect(page.locator("#moved")).to_contain_text("Aktiviteter: 1")
        await choice(page, "Beskrivelse", "torsdag").focus()
        await page.keyboard.press("Space")
        await expect(choice(page, "Beskrivelse", "torsdag")).to_be_focused()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "scrolls sideways on a phone"

        # The other one is kept instead; a choice is of an entry, and stands.
        await page.get_by_role("button", name="Byt om").click()
        await page.get_by_role("status").get_by_text(f"Beholdes: {merged['name']}").wait_for()
        await expect(choice(page, "Beskrivelse", "torsdag")).to_be_checked()
        await page.get_by_role("button", name="Byt om").click()
        await page.get_by_role("status").get_by_text(f"Beholdes: {kept['name']}").wait_for()

        # It changes while she reads: she sees the newest, and what she chose still stands.
        await client.patch(f"/directory/{TENANT}/organisations/{merged['id']}", json={"size": 40}, headers=staff.bearer)
        await page.get_by_role("button", name="Slå dem sammen").click()
        await page.get_by_text("En af dem er ændret, mens du læste.").wait_for()
        await expect(choice(page, "Medlemmer", "40")).to_be_checked()
        await expect(choice(page, "Beskrivelse", "torsdag")).to_be_checked()
        await page.get_by_role("button", name="Slå dem sammen").click()
        await page.get_by_role("status").get_by_text("Slået sammen:").wait_for()
        old = await staff.get(f"directory/organisations/{merged['id']}")
        assert (old["id"], old["name"], old["cvr"]) == (kept["id"], kept["name"], "13585628")
        assert (old["size"], old["description"]) == (40, "Vi spiser hver torsdag.")
        await page.get_by_text("Ingen foreninger ligner hinanden").wait_for()

        # Undone right after; what somebody has written since stays, and is told.
        await client.patch(f"/directory/{TENANT}/organisations/{kept['id']}", json={"size": 41}, headers=staff.bearer)
        await page.get_by_role("button", name="Fortryd").click()
        await page.get_by_text("Er skrevet om siden og står, som det er nu: Medlemmer").wait_for()
        assert (await staff.get(f"directory/organisations/{merged['id']}"))["name"] == merged["name"]
        assert (await staff.get(f"directory/activities/{meal['id']}"))["organisation_id"] == merged["id"]

        # They are not the same after all, and then they may be.
        await compares(page, kept["name"])
        await page.get_by_role("button", name="De er ikke den samme").click()
        await page.get_by_role("status").get_by_text("Ikke den samme:").wait_for()
        await page.get_by_text("Ingen foreninger ligner hinanden").wait_for()
        await page.get_by_role("button", name="Fortryd").click()
        await page.get_by_role("link", name=kept["name"]).wait_for()

        # What was said stands in a list of its own, and is taken back there, too; a colleague may have done it before.
        apart = page.locator("#list > li")
        for told in ("Fortrudt.", "En anden har fortrudt det i forvejen."):
            await compares(page, kept["name"])
            await page.get_by_role("button", name="De er ikke den samme").click()
            await page.get_by_text("Ingen foreninger ligner hinanden").wait_for()
            await page.get_by_role("link", name="Ikke det samme").click()
            await expect(page.get_by_role("heading", name="Ikke det samme, det nyeste først")).to_be_focused()
            await expect(apart).to_have_count(1)
            await expect(apart).to_contain_text(f"{kept['name']} og {merged['name']}")
            await expect(apart).to_contain_text(re.compile(r"Forening · \d+\. .* 20\d\d"))
            if told != "Fortrudt.":
                path = f"/directory/{TENANT}/duplicates/not-the-same/{kept['id']}/{merged['id']}"
                assert (await client.delete(path, headers=staff.bearer)).status_code == 204
            await apart.get_by_role("button", name="Fortryd").click()
            await page.get_by_role("status").get_by_text(told).wait_for()
            await expect(apart).to_be_focused()
            await expect(apart).to_contain_text("foreslås igen, hvis de ligner hinanden")
            assert (await staff.get("directory/duplicates/not-the-same"))["items"] == []
            await page.get_by_role("link", name="Foreninger").click()

        # A colleague is first: she is told, and goes on with the list.
        await compares(page, kept["name"])
        await staff.post("directory/merges", {"kept_id": kept["id"], "merged_id": merged["id"]})
        await page.get_by_role("button", name="Slå dem sammen").click()
        await page.get_by_role("status").get_by_text("Den er allerede slået sammen med en anden").wait_for()
        await page.get_by_text("Ingen foreninger ligner hinanden").wait_for()

        # What the colleague did stands among the earlier ones, and she takes it back after them.
        await page.get_by_role("link", name="Slået sammen før").click()
        await expect(page.locator("#list > li")).to_have_count(2)
        newest = page.locator("#list > li").first
        (done, _) = (await staff.get("directory/merges"))["items"]
        await staff.post(f"directory/merges/{done['id']}/undo", expected=200)
        await newest.get_by_role("button", name="Fortryd").click()
        await page.get_by_role("status").get_by_text("En anden har fortrudt det i forvejen.").wait_for()
        await expect(newest).to_contain_text("fortrudt")
        assert [each for each in errors if not {"404", "409", "412"} & {*each.split()}] == []
