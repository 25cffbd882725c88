"""Mails about seats: one for each turn, in order, naming the gathering only where everybody may know of it."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
import time_machine
import vobject

from shared.clock import now
from shared.events.bookings import BookingCancelled, BookingRequested, BookingRescheduled
from shared.events.envelope import Event
from shared.events.signups import (
    SignupCancelled,
    SignupConfirmed,
    SignupOffered,
    SignupRescheduled,
    SignupWaitlisted,
)
from shared.ids import uuid7
from tests.service.notify.office import AMINA, MailServer, Office, booked

PUBLIC = AMINA.model_copy(update={"about": "Kursus i ledelse"})


def seat(kind: type[Event], contact_id: UUID, **fields: Any) -> Event:
    starts_at: datetime = now().replace(minute=0) + timedelta(days=3)
    return kind.model_validate(
        {
            "gathering_id": uuid7(),
            "kind": "course",
            "internal": False,
            "revision": 0,
            "invited": False,
            "locality": "Vollsmose",
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=2),
            "channel": "self",
            "contact_id": contact_id,
            **fields,
        }
    )


def text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body
    return str(body.get_content())


async def test_each_turn_is_one_mail_in_order(office: Office) -> None:
    contact_id, signup = uuid7(), uuid7()
    until = now() + timedelta(hours=5)
    turns = [
        seat(SignupWaitlisted, contact_id),
        seat(SignupOffered, contact_id, offer_until=until),
        seat(SignupConfirmed, contact_id),
        seat(SignupRescheduled, contact_id, seated=True),
        seat(SignupCancelled, contact_id, ended_by="gathering_cancelled", seated=True),
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
        assert "Hvad: Kursus i ledelse\r\n" in text(mail)
        assert "Sted: Vollsmose\r\n" in text(mail)
    assert "Vi holder den til " in text(server.mails[1])


@pytest.mark.parametrize(
    ("ended_by", "subject"),
    [("citizen", "Din tilmelding er afmeldt"), ("staff", "Din tilmelding er afmeldt"),
     ("offer_expired", "Pladsen er gået videre"), ("gathering_cancelled", "Det er aflyst")],
)  # fmt: skip
async def test_why_a_seat_was_given_up_is_told(office: Office, ended_by: str, subject: str) -> None:
    contact_id = uuid7()
    await office.hears(PUBLIC, contact_id)
    await office.hears(seat(SignupCancelled, contact_id, ended_by=ended_by, seated=False), uuid7())

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
    assert not any(word in text(mail) for word in ("Kursus", "Vollsmose", "Tid:", "kl."))


async def test_an_offer_that_is_over_is_not_mailed(office: Office) -> None:
    contact_id = uuid7()
    await office.hears(PUBLIC, contact_id)
    await office.hears(seat(SignupOffered, contact_id, offer_until=now() + timedelta(hours=1)), uuid7())

    async with MailServer().running() as server:
        with time_machine.travel(now() + timedelta(hours=2)):
            await office.sends(server.smtp())

    assert server.mails == []
    assert await office.states() == [("suppressed", "too_late")]


async def test_three_moves_and_a_cancellation_are_one_entry_in_the_reader_s_own_calendar(office: Office) -> None:
    """Read by another library than the one that wrote it."""
    contact_id, signup, gathering = uuid7(), uuid7(), uuid7()
    # Whoever is invited to something internal may know what they are invited to.
    more: dict[str, Any] = {"gathering_id": gathering, "internal": True, "invited": True}
    days = [datetime(now().year + 1, month, 1, 16, tzinfo=UTC) for month in (2, 3, 7, 12)]
    turns = [
        seat(SignupConfirmed if revision == 0 else SignupRescheduled, contact_id, revision=revision, starts_at=day,
             ends_at=day + timedelta(hours=2), **more, **({"seated": True} if revision else {}))
        for revision, day in enumerate(days)
    ]  # fmt: skip
    last = {"starts_at": days[-1], "ends_at": days[-1] + timedelta(hours=2), "revision": 4}
    turns.append(seat(SignupCancelled, contact_id, ended_by="gathering_cancelled", seated=True, **last, **more))
    await office.hears(PUBLIC, contact_id)
    for sequence, turn in enumerate(turns, start=1):
        await office.hears(turn, signup, sequence=sequence)

    async with MailServer().running() as server:
        await office.sends(server.smtp())

    assert server.subjects() == ["Du er inviteret", *["Det er flyttet"] * 3, "Det er aflyst"]
    parts = [part for mail in server.mails for part in mail.walk() if part.get_content_type() == "text/calendar"]
    calendars = [vobject.readOne(part.get_content()) for part in parts]
    assert [part.get_param("method") for part in parts] == ["REQUEST"] * 4 + ["CANCEL"]
    assert [calendar.method.value for calendar in calendars] == ["REQUEST"] * 4 + ["CANCEL"]
    assert {calendar.vevent.uid.value for calendar in calendars} == {f"{gathering}@{office.tenant}.kompas"}
    assert [int(calendar.vevent.sequence.value) for calendar in calendars] == [0, 1, 2, 3, 4]
    assert [calendar.vevent.dtstart.value.astimezone(UTC) for calendar in calendars] == [*days, days[-1]]
    assert [calendar.vevent.dtstart.value.hour for calendar in calendars] == [17, 17, 18, 17, 17]
    assert {calendar.vevent.summary.value for calendar in calendars} == {"Kursus i ledelse"}
    assert {calendar.vevent.attendee.value for calendar in calendars} == {"mailto:amina@example.com"}
    assert {calendar.vevent.organizer.value for calendar in calendars} == {"mailto:kompas@example.dk"}


async def test_a_room_that_is_booked_moved_and_given_back_is_one_entry_of_which_a_request_is_none(
    office: Office,
) -> None:
    contact_id, booking = uuid7(), uuid7()
    await office.hears(AMINA, contact_id)
    room: dict[str, Any] = {"resource_kind": "room"}
    moved = {"previous_starts_at": now(), "previous_ends_at": now() + timedelta(hours=1)}
    turns = [
        booked(contact_id, BookingRequested, awaits_answer=True, **room),
        booked(contact_id, BookingRescheduled, confirmed=False, **moved, **room),
        booked(contact_id, **room),
        *(booked(contact_id, BookingRescheduled, confirmed=True, **moved, **room) for _ in range(2)),
        booked(contact_id, BookingCancelled, **room),
    ]
    for sequence, turn in enumerate(turns, start=1):
        await office.hears(turn, booking, sequence=sequence)

    async with MailServer().running() as server:
        await office.sends(server.smtp())

    entries = [
        (part.get_param("method"), vobject.readOne(part.get_content()).vevent)
        for mail in server.mails for part in mail.walk() if part.get_content_type() == "text/calendar"
    ]  # fmt: skip
    assert len(server.mails) == 6
    assert [(method, int(event.sequence.value)) for method, event in entries] == [
        ("REQUEST", 1), ("REQUEST", 2), ("REQUEST", 3), ("CANCEL", 4),
    ]  # fmt: skip
    assert {event.uid.value for _, event in entries} == {f"{booking}@{office.tenant}.kompas"}
    assert {(event.summary.value, event.location.value) for _, event in entries} == {("Lokale", "Vollsmose")}


async def test_nothing_is_put_into_the_calendar_of_who_only_waits(office: Office) -> None:
    contact_id, signup = uuid7(), uuid7()
    await office.hears(PUBLIC, contact_id)
    await office.hears(seat(SignupWaitlisted, contact_id), signup, sequence=1)
    await office.hears(seat(SignupRescheduled, contact_id, seated=False), signup, sequence=2)
    await office.hears(seat(SignupCancelled, contact_id, seated=False, ended_by="citizen"), signup, sequence=3)

    async with MailServer().running() as server:
        await office.sends(server.smtp())

    assert [mail.get_content_type() for mail in server.mails] == ["text/plain"] * 3
