"""Tal fra din forening: from the member register to two mailboxes, a browser, the goal, a reminder, and the end."""

import re
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

from playwright.async_api import Page

from shared.clock import today
from tests.support.browser import browser
from tests.support.system import Json, Staff, System
from tests.support.waiting import eventually

PLAN = f"odense-{today().year}"
QUESTIONS = [
    {"key": "new_volunteers", "kind": "number", "text": "Hvor mange nye frivillige har I fået?"},
    {"key": "wish", "kind": "text", "text": "Hvad ønsker I jer?"},
]


async def member(staff: Staff, name: str) -> str:
    body = {"name": name, "kind": "association", "sector": "voluntary"}
    organisation = (await staff.post("directory/organisations", body))["id"]
    await staff.post("directory/memberships", {"organisation_id": organisation, "kind": "member"})
    return str(organisation)


def mails(system: System, address: str) -> list[EmailMessage]:
    files = sorted((system.home / "mailbox").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    found = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    return [mail for mail in found if mail["To"] == address]


async def answered(page: Page, number: str, button: str) -> None:
    await page.get_by_label("Hvor mange nye frivillige").fill(number)
    await page.get_by_role("button", name=button).click()
    await page.get_by_text("Tak for jeres svar!").wait_for()


async def test_members_answer_by_their_own_link_and_only_the_silent_are_reminded(system: System) -> None:
    async with system.client() as client, browser(locale="da-DK") as context:
        staff = Staff(client, system.bearer())
        mark = uuid4().hex[:8]
        addresses = {name: f"{name}-{mark}@example.dk" for name in ("skak", "kor")}
        listed = [
            {"organisation_id": await member(staff, f"{name} {mark}"), "name": name.title(), "email": address}
            for name, address in addresses.items()
        ]
        await member(staff, f"uden adresse {mark}")
        before = (await staff.values(PLAN))["A.2"] or 0

        def counted(number: int) -> Callable[[], Any]:
            async def says() -> None:
                assert ((await staff.values(PLAN))["A.2"] or 0) - before == number

            return says

        # Staff open it for the members, as soon as KPI has heard who they are.
        body = {"slug": f"tal-{mark}", "title": "Tal fra din forening", "questions": QUESTIONS}
        survey = f"kpi/surveys/{(await staff.post('kpi/surveys', body))['id']}"
        last = str(today() + timedelta(days=14))
        await staff.post(f"{survey}/open", {"closes_on": last, "invitations": listed}, expected=200)

        async def members_known() -> bool:
            made: Json = await staff.post(f"{survey}/invitations", {"members": True, "invitations": []})
            return bool(made["without_address"] >= 1 and made["invited"] >= 3)

        await eventually(members_known)
        await eventually(lambda: all(len(mails(system, address)) == 1 for address in addresses.values()))
        invited = mails(system, addresses["skak"])[0]
        assert invited["Subject"] == "Spørgsmål til jeres forening"
        link = re.search(r"http\S+/kpi/odense/answer#\S+", invited.get_content())
        assert link

        # The chess club answers, and then finds that it was one more.
        page = await context.new_page()
        await page.goto(link[0])
        await page.get_by_text("I svarer for Skak.").wait_for()
        await answered(page, "4", "Send svar")
        await eventually(counted(4))
        await answered(page, "5", "Send det rettede svar")
        await eventually(counted(5))

        # Only the choir is reminded.
        reminded = await staff.post(f"{survey}/reminders", expected=200)
        assert reminded["reminded"] == [listed[1]["organisation_id"]]
        await eventually(lambda: len(mails(system, addresses["kor"])) == 2)
        assert mails(system, addresses["kor"])[1]["Subject"] == "Påmindelse: spørgsmål til jeres forening"
        assert len(mails(system, addresses["skak"])) == 1

        # Closed: the link says so, and shows what was answered.
        await staff.post(f"{survey}/close", expected=200)
        await page.reload()
        await page.get_by_text("Spørgeskemaet er lukket. Det her er jeres svar.").wait_for()
        assert await page.get_by_label("Hvor mange nye frivillige").input_value() == "5"
        assert not await page.get_by_role("button", name="Send det rettede svar").is_visible()
        token = link[0].rpartition(".")[2]
        assert not any(token in file.read_text(errors="replace") for file in (system.home / "logs").glob("*.log"))
