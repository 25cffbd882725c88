"""Mails of the directory's freshness: one to an owner, in the owner's language, with links that answer by a tap."""

import pytest

from shared.events.contacts import ContactShared
from shared.events.envelope import Event
from shared.events.freshness import AssuranceLapsed, AssuranceReminded, AssuranceRequested
from shared.ids import uuid7
from tests.service.notify.office import MailServer, Office

LINK = "https://kompas.example/directory/odense/assure#1.t0ken"


def mona(language: str) -> ContactShared:
    return ContactShared(
        name="Mona Friis", email="mona@example.dk", language=language, manage_url=LINK, about="Spis sammen, Café Klare"
    )


@pytest.mark.parametrize(
    ("language", "subjects"),
    [
        ("da", ["Passer det stadig?", "Påmindelse: passer det stadig?", "Vises ikke længere i søgningen"]),
        ("en", ["Is it still right?", "Reminder: is it still right?", "No longer shown in the search"]),
    ],
)
async def test_an_owner_is_asked_asked_again_and_told_in_order(
    office: Office, language: str, subjects: list[str]
) -> None:
    contact, letter = uuid7(), uuid7()
    told: list[type[Event]] = [AssuranceRequested, AssuranceReminded, AssuranceLapsed]
    for sequence, (kind, entries) in enumerate(zip(told, (2, 1, 1), strict=True), 1):
        event, id = kind.model_validate({"contact_id": contact, "entries": entries}), uuid7()
        for _ in range(2):  # Heard twice is sent once.
            await office.hears(event, letter, sequence=sequence, id=id)
    await office.hears(mona(language), contact)

    async with MailServer().running() as server:
        await office.sends(server.smtp())

    assert server.subjects() == subjects
    asked, reminded, lapsed = (mail.get_content().replace("\r\n", "\n") for mail in server.mails)
    for text in (asked, reminded, lapsed):
        assert f"{LINK}.still_right\n" in text
        assert f"{LINK}.changed\n" in text
        assert "Mona" not in text
    assert "Spis sammen, Café Klare" in asked
    assert ("2 opslag" if language == "da" else "2 entries") in asked
    assert await office.facts() == [
        ("message.sent", {"channel": "email", "purpose": f"assurance_{what}"})
        for what in ("request", "reminder", "lapse")
    ]


async def test_whoever_has_answered_meanwhile_gets_no_mail(office: Office) -> None:
    contact = uuid7()
    await office.hears(AssuranceRequested(contact_id=contact, entries=1), uuid7())
    await office.hears(mona("da"), contact)
    await office.erases(contact)

    async with MailServer().running() as server:
        await office.sends(server.smtp())

    assert server.mails == []
    assert await office.states() == [("suppressed", "erased")]
