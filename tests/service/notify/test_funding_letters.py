"""Mails about funders' deadlines: one to an association, in its reader's language, with a way out of it."""

from datetime import date, timedelta

import pytest

from shared.clock import today
from shared.events.contacts import ContactShared
from shared.events.funding import FundingAnnounced
from shared.ids import uuid7
from tests.service.notify.office import MailServer, Office

LINK = "https://kompas.example/directory/odense/funding#1.t0ken"
LINES = "1. december 2026: §18-midler (Ældrepuljen på Ærø) https://odense.dk/18\n3. december 2026: Puljen (Fonden)"


def mona(language: str = "da", about: str = LINES) -> ContactShared:
    return ContactShared(name="Mona Friis", email="mona@example.dk", language=language, manage_url=LINK, about=about)


def announced(contact: object, last_day: date | None = None) -> FundingAnnounced:
    last_day = last_day or today() + timedelta(days=30)
    return FundingAnnounced.model_validate({"contact_id": contact, "deadlines": 2, "last_day": last_day})


@pytest.mark.parametrize(
    ("language", "subject", "said"),
    [
        ("da", "Frister for at søge penge", "Disse frister hos fonde og puljer nærmer sig:"),
        ("en", "Deadlines for applying for funds", "These deadlines of funders come near:"),
    ],
)
async def test_an_association_is_mailed_once_which_deadlines_come_near(
    office: Office, language: str, subject: str, said: str
) -> None:
    contact, letter, id = uuid7(), uuid7(), uuid7()
    event = announced(contact)
    for _ in range(2):  # Heard twice is sent once.
        await office.hears(event, letter, sequence=1, id=id)
    await office.hears(mona(language), contact)

    async with MailServer().running() as server:
        await office.sends(server.smtp())

    assert server.subjects() == [subject]
    text = server.mails[0].get_content().replace("\r\n", "\n")
    assert f"{said}\n\n{LINES}\n\n" in text
    assert f"{LINK}\n" in text
    assert f"{LINK}.stop\n" in text
    assert "Mona" not in text
    assert await office.facts() == [("message.sent", {"channel": "email", "purpose": "funding_deadlines"})]


async def test_a_letter_that_waits_says_what_was_shared_last_and_none_is_sent_in_vain(office: Office) -> None:
    moved, over, declined = uuid7(), uuid7(), uuid7()
    await office.hears(announced(moved), uuid7())
    await office.hears(announced(over, today() - timedelta(days=1)), uuid7())
    await office.hears(announced(declined), uuid7())
    for contact in (moved, over, declined):
        await office.hears(mona(), contact)
    await office.hears(mona(about=LINES.splitlines()[1]), moved)
    await office.erases(declined)

    async with MailServer().running() as server:
        await office.sends(server.smtp())

    assert len(server.mails) == 1
    assert "§18-midler" not in server.mails[0].get_content()
    assert await office.states() == [("sent", None), ("suppressed", "too_late"), ("suppressed", "erased")]
