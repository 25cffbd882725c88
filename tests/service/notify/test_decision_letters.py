"""Mails about decisions: one to an editor, in the editor's language, with a link to their own entries."""

from datetime import timedelta

import pytest

from shared.clock import now
from shared.events.contacts import ContactShared
from shared.events.decisions import Decision, DecisionAnnounced
from shared.ids import uuid7
from tests.service.notify.office import MailServer, Office

LINK = "https://kompas.example/directory/odense/edit#1.t0ken"


def aase(language: str = "da", about: str = "Vises nu: Spis sammen") -> ContactShared:
    return ContactShared(name="Åse Sørensen", email="aase@example.dk", language=language, manage_url=LINK, about=about)


def announced(contact: object, decision: Decision = Decision.APPROVED, days_left: int = 30) -> DecisionAnnounced:
    expires_at = now() + timedelta(days=days_left)
    return DecisionAnnounced.model_validate(
        {
            "organisation_id": uuid7(),
            "contact_id": contact,
            "decision": decision,
            "changes": 1,
            "expires_at": expires_at,
        }
    )


@pytest.mark.parametrize(
    ("decision", "language", "subject", "said"),
    [
        (Decision.APPROVED, "da", "Det, du sendte ind, er godkendt", "Se det på jeres side, eller ret mere:"),
        (Decision.APPROVED, "en", "What you sent in is approved", "See it among your entries, or change more:"),
        (Decision.RETURNED, "da", "Vil du se på det igen?", "Dér kan du også rette det og sende det ind igen:"),
        (Decision.RETURNED, "en", "Will you look at it once more?", "There you can also change it and send it in"),
    ],
)
async def test_an_editor_is_mailed_once_what_was_decided(
    office: Office, decision: Decision, language: str, subject: str, said: str
) -> None:
    contact, letter, id = uuid7(), uuid7(), uuid7()
    event = announced(contact, decision)
    for _ in range(2):  # Heard twice is sent once.
        await office.hears(event, letter, sequence=1, id=id)
    await office.hears(aase(language), contact)

    async with MailServer().running() as server:
        await office.sends(server.smtp())

    assert server.subjects() == [subject]
    text = server.mails[0].get_content().replace("\r\n", "\n")
    assert said in text
    assert "\n\nVises nu: Spis sammen\n\n" in text
    assert f"\n{LINK}\n" in text
    assert ("virker til og med" if language == "da" else "works up to and including") in text
    assert "Åse" not in text
    purpose = {Decision.APPROVED: "change_approval", Decision.RETURNED: "change_return"}[decision]
    assert await office.facts() == [("message.sent", {"channel": "email", "purpose": purpose})]


async def test_a_letter_that_waits_says_what_was_shared_last_and_none_is_sent_in_vain(office: Office) -> None:
    fewer, over, undone = uuid7(), uuid7(), uuid7()
    await office.hears(announced(fewer), uuid7())
    await office.hears(announced(over, days_left=-1), uuid7())
    await office.hears(announced(undone), uuid7())
    for contact in (fewer, over, undone):
        await office.hears(aase(about="Vises nu: Spis sammen, Syng"), contact)
    await office.hears(aase(about="Vises nu: Syng"), fewer)
    await office.erases(undone)

    async with MailServer().running() as server:
        await office.sends(server.smtp())

    assert len(server.mails) == 1
    assert "Spis" not in server.mails[0].get_content()
    assert await office.states() == [("sent", None), ("suppressed", "too_late"), ("suppressed", "erased")]
