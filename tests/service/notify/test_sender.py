"""From a booking to a mail: on real PostgreSQL, to a real mail server."""

import asyncio
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from uuid import UUID

import httpx2
import pytest
import time_machine

from services.notify.deliveries import letters, usecases
from services.notify.deliveries.transport import Mailbox, Transport
from services.notify.settings import NotifySettings
from services.notify.worker import create_worker
from shared.clock import now
from shared.events.bookings import BookingCancelled
from shared.ids import uuid7
from tests.service.notify.centre import Centre
from tests.service.notify.office import AMINA, MailServer, Office, booked

CONFIRMATION = {"channel": "email", "purpose": "booking_confirmation"}
CANCELLATION = {"channel": "email", "purpose": "booking_cancellation"}


class Died(BaseException):
    """As a kill -9 would end it: nothing catches it."""


async def dies_before_marking(office: Office, transport: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    async def die(*_: object) -> None:
        raise Died

    with monkeypatch.context() as patched:
        patched.setattr(usecases, "mark_sent", die)
        with pytest.raises(Died):
            await office.sends(transport)


async def booking_and_contact(office: Office) -> tuple[UUID, UUID]:
    booking, contact = uuid7(), uuid7()
    await office.hears(AMINA, contact)
    await office.hears(booked(contact), booking)
    return booking, contact


async def test_a_confirmation_and_a_cancellation_are_sent_in_order_and_say_nothing_of_the_purpose(
    office: Office,
) -> None:
    booking, contact = await booking_and_contact(office)
    await office.hears(booked(contact, BookingCancelled), booking, sequence=3)

    async with MailServer().running() as server:
        await office.sends(server.smtp())
        await office.sends(server.smtp())

    assert server.subjects() == ["Din aftale er bekræftet", "Din aftale er aflyst"]
    for mail in server.mails:
        assert mail["To"] == "amina@example.com"
        assert "https://kompas.example/manage#1.t0ken" in mail.get_content()
        for telling in ("community", "fællesskab", "samtale", "conversation", "Vollsmose", "Amina", "Ærø"):
            assert telling not in mail.as_string() + mail.get_content()
    assert await office.facts() == [("message.sent", CONFIRMATION), ("message.sent", CANCELLATION)]
    assert await office.states() == [("sent", None), ("sent", None)]


async def test_an_event_that_comes_twice_makes_one_mail(office: Office) -> None:
    booking, contact, event_id = uuid7(), uuid7(), uuid7()
    await office.hears(AMINA, contact)
    for _ in range(2):
        await office.hears(booked(contact), booking, id=event_id)

    async with MailServer().running() as server:
        await asyncio.gather(office.sends(server.smtp()), office.sends(server.smtp()))

    assert len(server.mails) == 1


async def test_a_booking_that_comes_before_its_contact_waits_for_it(office: Office) -> None:
    booking, contact = uuid7(), uuid7()
    await office.hears(booked(contact), booking)

    async with MailServer().running() as server:
        await office.sends(server.smtp())
        assert server.mails == []
        await office.hears(AMINA, contact)
        await office.sends(server.smtp())

    assert server.subjects() == ["Din aftale er bekræftet"]


async def test_a_contact_that_never_comes_is_given_up_after_a_day(office: Office) -> None:
    await office.hears(booked(uuid7(), starts_at=now() + timedelta(days=5)), uuid7())

    async with MailServer().running() as server:
        with time_machine.travel(now() + timedelta(days=1, minutes=1)):
            await office.sends(server.smtp())

    assert await office.states() == [("suppressed", "no_contact")]
    assert await office.facts() == [("message.suppressed", CONFIRMATION)]


@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=300)], ids=["just begun", "last year"])
async def test_nobody_gets_mail_about_what_was_recorded_afterwards(office: Office, late: timedelta) -> None:
    contact = uuid7()
    starts_at = now() - late
    await office.hears(AMINA, contact)

    await office.hears(booked(contact, starts_at=starts_at), uuid7(), said_at=starts_at)
    await office.hears(booked(contact, BookingCancelled, starts_at=starts_at), uuid7(), sequence=3)

    assert await office.states() == []


async def test_a_booking_without_a_contact_mails_nobody(office: Office) -> None:
    await office.hears(booked(None), uuid7())

    assert await office.states() == []


async def test_news_that_is_too_old_is_not_sent(office: Office) -> None:
    await booking_and_contact(office)

    async with MailServer().running() as server:
        with time_machine.travel(now() + timedelta(days=2)):
            await office.sends(server.smtp())

    assert server.mails == []
    assert await office.states() == [("suppressed", "too_late")]


async def test_a_confirmation_that_comes_after_its_cancellation_is_not_sent(office: Office) -> None:
    booking, contact = uuid7(), uuid7()
    await office.hears(AMINA, contact)
    await office.hears(booked(contact, BookingCancelled), booking, sequence=3)
    await office.hears(booked(contact), booking, sequence=2)

    async with MailServer().running() as server:
        await office.sends(server.smtp())

    assert server.subjects() == ["Din aftale er aflyst"]
    assert ("suppressed", "overtaken") in await office.states()


async def test_erasure_stops_what_was_still_to_be_sent_and_leaves_no_address(office: Office) -> None:
    _, contact = await booking_and_contact(office)

    await office.erases(contact)

    async with MailServer().running() as server:
        await office.sends(server.smtp())
    assert server.mails == []
    assert await office.states() == [("suppressed", "erased")]
    assert await office.rows("select 1 from contacts") == []


async def test_what_notify_keeps_holds_no_purpose_and_no_name(office: Office) -> None:
    await booking_and_contact(office)

    for table in ("deliveries", "contacts"):
        kept = str([tuple(row) for row in await office.rows(f"select {table}::text from {table}")])
        assert not any(word in kept for word in ("seeking", "community", "Amina Ærø", "Vollsmose"))


async def test_a_mail_server_that_is_down_is_asked_again_when_it_is_up(office: Office) -> None:
    booking, contact = await booking_and_contact(office)
    await office.hears(booked(contact, BookingCancelled), booking, sequence=3)
    server = MailServer()
    async with server.running():
        pass

    await office.sends(server.smtp())
    assert await office.states() == [("pending", None), ("pending", None)]
    async with server.running(server.port):
        with time_machine.travel(now() + timedelta(minutes=1)):
            await office.sends(server.smtp())

    assert server.subjects() == ["Din aftale er bekræftet", "Din aftale er aflyst"]


async def test_a_mail_server_that_stays_away_is_given_up_after_three_days(office: Office) -> None:
    contact = uuid7()
    await office.hears(AMINA, contact)
    await office.hears(booked(contact, starts_at=now() + timedelta(days=20)), uuid7())
    server = MailServer()
    async with server.running():
        pass

    with time_machine.travel(now() + timedelta(days=3, minutes=1)):
        await office.sends(server.smtp())

    assert await office.states() == [("failed", "gave_up")]
    assert await office.facts() == [("message.failed", CONFIRMATION)]


@pytest.mark.parametrize(
    ("rcpt", "data", "state"),
    [
        ("550 5.1.1 No such user", "", ("failed", "recipient_refused")),
        ("", "554 5.7.1 Looks like spam", ("failed", "message_refused")),
        ("451 4.7.1 Greylisted, come back later", "", ("pending", None)),
        ("", "452 4.2.2 Mailbox full", ("pending", None)),
    ],
)
async def test_a_refusal_for_good_fails_and_one_for_now_is_tried_again(
    office: Office, rcpt: str, data: str, state: tuple[str, str | None]
) -> None:
    await booking_and_contact(office)

    async with MailServer(rcpt, data).running() as server:
        await office.sends(server.smtp())

    assert await office.states() == [state]
    assert server.asked == 1
    assert [name for name, _ in await office.facts()] == (["message.failed"] if state[0] == "failed" else [])


async def test_an_address_that_cannot_be_written_to_fails_and_holds_up_nobody(office: Office) -> None:
    bad, good = uuid7(), uuid7()
    await office.hears(AMINA.model_copy(update={"email": "<nobody@example.com"}), bad)
    await office.hears(booked(bad), uuid7())
    await office.hears(AMINA, good)
    await office.hears(booked(good), uuid7())

    async with MailServer().running() as server:
        await office.sends(server.smtp())

    assert await office.states() == [("failed", "address_invalid"), ("sent", None)]


async def test_who_dies_after_the_server_accepted_sends_again_under_the_same_name(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await booking_and_contact(office)

    async with MailServer().running() as server:
        await dies_before_marking(office, server.smtp(), monkeypatch)
        await office.sends(server.smtp())
        assert len(server.mails) == 1  # Until the lease ends, whoever took it may still be at it.
        with time_machine.travel(now() + timedelta(minutes=2, seconds=1)):
            await office.sends(server.smtp())

    assert len(server.mails) == 2
    assert len({mail["Message-ID"] for mail in server.mails}) == 1
    assert await office.facts() == [("message.sent", CONFIRMATION)]


async def test_in_a_folder_a_mail_that_is_written_again_replaces_itself(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await booking_and_contact(office)

    mailbox = Mailbox(tmp_path / "mailbox")
    await dies_before_marking(office, mailbox, monkeypatch)
    with time_machine.travel(now() + timedelta(minutes=2, seconds=1)):
        await office.sends(mailbox)

    (file,) = (tmp_path / "mailbox").iterdir()
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert file.name == f"{mail['Message-ID'].split('@')[0].removeprefix('<')}.eml"
    assert mail["Subject"] == "Din aftale er bekræftet"
    assert "bekræftet" in mail.get_content()


async def test_a_mail_that_we_cannot_write_holds_up_nobody_and_is_tried_again(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await booking_and_contact(office)
    await booking_and_contact(office)
    write, calls = letters.write, iter([True, False])

    def write_badly(*arguments: object) -> object:
        if next(calls):
            raise KeyError("amina@example.com")
        return write(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(letters, "write", write_badly)
    await office.sends(Mailbox(tmp_path))

    assert await office.states() == [("pending", None), ("sent", None)]


async def test_staff_see_what_became_of_a_mail_and_not_whose_it_was(
    office: Office, centre: Centre, neighbour: Centre
) -> None:
    booking, _ = await booking_and_contact(office)
    await booking_and_contact(office)
    async with MailServer(rcpt="550 No such user").running() as server:
        await office.sends(server.smtp())

    about_one = await centre.get("deliveries", centre.staff, booking_id=booking)
    failed = await centre.get("deliveries", centre.staff, state="failed", limit=1)
    theirs = await neighbour.get("deliveries", neighbour.staff)

    (delivery,) = about_one.json()["items"]
    assert (delivery["state"], delivery["reason"], delivery["attempts"]) == ("failed", "recipient_refused", 1)
    assert delivery["purpose"] == "booking_confirmation"
    assert failed.json()["next_cursor"]
    assert "example.com" not in about_one.text + failed.text
    assert theirs.json()["items"] == []


async def test_ops_see_how_many_mails_wait_and_how_long(
    office: Office, client: httpx2.AsyncClient, tmp_path: Path
) -> None:
    await booking_and_contact(office)

    with time_machine.travel(now() + timedelta(minutes=5)):
        metrics = (await client.get("/notify/metrics")).text
    await office.sends(Mailbox(tmp_path))
    later = (await client.get("/notify/metrics")).text

    assert 'kompas_mails_pending{service="notify"} 1.0' in metrics
    assert 'kompas_mails_oldest_seconds{service="notify"} 30' in metrics
    assert 'kompas_mails_pending{service="notify"} 0.0' in later


async def test_row_level_security_hides_addresses_from_another_centre_s_raw_sql(
    office: Office, centre: Centre, neighbour: Centre
) -> None:
    await booking_and_contact(office)

    for table in ("contacts", "deliveries"):
        assert await centre.rows(f"select 1 from {table}")
        assert not await neighbour.rows(f"select 1 from {table} where tenant = :theirs", theirs=centre.tenant)


def test_a_worker_that_could_not_send_does_not_start() -> None:
    with pytest.raises(ValueError, match="KOMPAS_SMTP_URL"):
        create_worker(NotifySettings(database_url="postgresql://nobody@127.0.0.1:1/x"))
