"""Mails about seats: one for each turn, in order, naming the gathering only where everybody may know of it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine

from shared.clock import now
from shared.events.envelope import Event
from shared.events.signups import (
    SignupCancelled,
    SignupConfirmed,
    SignupOffered,
    SignupRescheduled,
    SignupWaitlisted,
)
from shared.ids import uuid7
from tests.service.notify.office import AMINA, MailServer, Office

PUBLIC = AMINA.model_copy(update={"about": "Kursus i ledelse"})


def seat(kind: type[Event], contact_id: UUID, **fields: Any) -> Event:
    starts_at: datetime = now().replace(minute=0) + timedelta(days=3)
    return kind.model_validate(
        {
            "gathering_id": uuid7(),
            "kind": "course",
            "internal": False,
            "locality": "Vollsmose",
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=2),
            "channel": "self",
            "contact_id": contact_id,
            **fields,
        }
    )


async def test_each_turn_is_one_mail_in_order(office: Office) -> None:
    contact_id, signup = uuid7(), uuid7()
    until = now() + timedelta(hours=5)
    turns = [
        seat(SignupWaitlisted, contact_id),
        seat(SignupOffered, contact_id, offer_until=until),
        seat(SignupConfirmed, contact_id),
        seat(SignupRescheduled, contact_id),
        seat(SignupCancelled, contact_id, ended_by="gathering_cancelled"),
    ]
    await office.hears(PUBLIC, contact_id)
    for sequence, turn in enumerate(turns, start=1):
        await office.hears(turn, signup, sequence=sequence)

    async with MailServer().running() as server:
        await office.sends(server.smtp())

    assert server.subjects() == [
        "Du står i kø til en plads", "Der er en plads til dig", "Du har en plads", "Det er flyttet", "Det er aflyst",
    ]  # fmt: skip
    for mail in server.mails:
        assert "Hvad: Kursus i ledelse\r\n" in mail.get_content()
        assert "Sted: Vollsmose\r\n" in mail.get_content()
    assert "Vi holder den til " in server.mails[1].get_content()


@pytest.mark.parametrize(
    ("ended_by", "subject"),
    [("citizen", "Din tilmelding er afmeldt"), ("staff", "Din tilmelding er afmeldt"),
     ("offer_expired", "Pladsen er gået videre"), ("gathering_cancelled", "Det er aflyst")],
)  # fmt: skip
async def test_why_a_seat_was_given_up_is_told(office: Office, ended_by: str, subject: str) -> None:
    contact_id = uuid7()
    await office.hears(PUBLIC, contact_id)
    await office.hears(seat(SignupCancelled, contact_id, ended_by=ended_by), uuid7())

    async with MailServer().running() as server:
        await office.sends(server.smtp())

    assert server.subjects() == [subject]


async def test_of_what_is_internal_a_mail_says_neither_when_nor_where_nor_what(office: Office) -> None:
    contact_id = uuid7()
    await office.hears(PUBLIC, contact_id)
    await office.hears(seat(SignupConfirmed, contact_id, internal=True), uuid7())

    async with MailServer().running() as server:
        await office.sends(server.smtp())

    [mail] = server.mails
    assert not any(word in mail.get_content() for word in ("Kursus", "Vollsmose", "Tid:", "kl."))


async def test_an_offer_that_is_over_is_not_mailed(office: Office) -> None:
    contact_id = uuid7()
    await office.hears(PUBLIC, contact_id)
    await office.hears(seat(SignupOffered, contact_id, offer_until=now() + timedelta(hours=1)), uuid7())

    async with MailServer().running() as server:
        with time_machine.travel(now() + timedelta(hours=2)):
            await office.sends(server.smtp())

    assert server.mails == []
    assert await office.states() == [("suppressed", "too_late")]
