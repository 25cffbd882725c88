"""Staff bring a list in, in a real browser: shown line by line, a doubtful line decided, adopted, reported."""

from playwright.async_api import expect

from tests.e2e.test_edit_page import watched
from tests.support.browser import browser
from tests.support.system import Staff, System
from tests.support.waiting import PATIENCE

# A centre of its own: what is here is what this test brings.
TENANT = "kerteminde"
FILE = "Forening;Hjemmeside;Postnr.\nCykelklubben;cykel.dk;5300\nAaben Doer;aabendoer.dk;5300\n;nul.dk;5300\n"
expect.set_options(timeout=PATIENCE * 1000)


async def test_a_list_is_shown_decided_brought_in_and_reported(system: System) -> None:
    async with system.client() as client, browser(locale="da-DK") as context:
        staff = Staff(client, system.bearer(tenant=TENANT), TENANT)
        said = {"name": "Foreningen Åben Dør", "kind": "association", "sector": "voluntary", "postcode": "5300"}
        known = await staff.post("directory/organisations", said)
        page = await context.new_page()
        errors = watched(page)
        await page.goto(f"{system.url}/directory/{TENANT}/import")
        file = {"name": "foreninger.csv", "mimeType": "text/csv", "buffer": FILE.encode()}

        # A wrong token is told when it is used, and the file is still chosen.
        await page.get_by_label("Adgangsnøgle").fill("forkert")
        await page.get_by_role("button", name="Log ind").click()
        await page.get_by_label("Fil").set_input_files(file)  # type: ignore[arg-type]
        await page.get_by_role("button", name="Vis, hvad den gør").click()
        await expect(page.get_by_label("Adgangsnøgle")).to_be_focused()
        await page.get_by_label("Adgangsnøgle").fill(staff.bearer["authorization"].removeprefix("Bearer "))
        await page.get_by_role("button", name="Log ind").click()
        await page.get_by_role("button", name="Vis, hvad den gør").click()

        await expect(page.locator("#lines tr")).to_have_count(3)
        await expect(page.locator("#counts")).to_contain_text("1 tilføjes")
        await page.get_by_role("combobox", name="Aaben Doer").select_option("same")
        await page.get_by_role("button", name="Hent dem ind").click()
        await page.get_by_role("status").get_by_text("Færdig.").wait_for()
        found = (await staff.get("directory/organisations"))["items"]
        assert sorted(each["name"] for each in found) == ["Aaben Doer", "Cykelklubben"], "the file's word counts"
        assert known["id"] in {each["id"] for each in found}
        async with page.expect_download() as report:
            await page.get_by_role("button", name="Rapport (CSV)").click()
        assert (await report.value).suggested_filename == "import.csv"
        assert [each for each in errors if "401" not in each] == []
