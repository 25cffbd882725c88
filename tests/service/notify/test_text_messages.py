"""Text messages to a real HTTP server that speaks GatewayAPI's REST API, and mail where there is none."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine

from services.notify.consumers import erased_with_mails
from services.notify.deliveries import usecases
from services.notify.deliveries.gateway import GatewayApi, Texts, texts_of
from services.notify.deliveries.sender import Sender
from services.notify.deliveries.transport import Mailbox, Transport
from services.notify.settings import NotifySettings
from shared.clock import now
from shared.events.bookings import BookingRequested, TimeOffered
from shared.events.contacts import ContactShared
from shared.events.notify import MessageChannel
from shared.ids import uuid7
from tests.service.notify.centre import CITIZEN, Centre, fields_of
from tests.service.notify.office import AMINA, SENDER, MailServer, Office, booked

TEXTED = AMINA.model_copy(update={"phone": "+4520123456", "prefers": MessageChannel.SMS})
BY_SMS, BY_MAIL = ({"channel": channel, "purpose": "time_offer"} for channel in ("sms", "email"))


@dataclass
class Gateway:
    """A real server. `status` is what it answers; None: nothing at all, it hangs up when it has read the request."""

    status: int | None = 200
    port: int = 0
    asked: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def client(self) -> GatewayApi:
        return GatewayApi(f"http://t0ken:@127.0.0.1:{self.port}")

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Gateway"]:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
            body = json.loads(await reader.readexactly(int(headers["content-length"])))
            secret = head.split("Basic ")[1].split("\r\n")[0]
            self.asked.append((head.split("\r\n")[0], base64.b64decode(secret).decode(), body))
            if self.status is not None:
                told = json.dumps({"ids": [421332671], "usage": {"countries": {"DK": 1}}})
                writer.write(
                    f"HTTP/1.1 {self.status} Told\r\nContent-Type: application/json\r\nConnection: close\r\n"
                    f"Content-Length: {len(told)}\r\n\r\n{told}".encode()
                )
                await writer.drain()
            writer.close()
            await writer.wait_closed()

        server = await asyncio.start_server(answer, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        async with server:
            yield self


async def switch(centre: Centre, *, on: bool = True) -> None:
    path = f"/notify/{centre.tenant}/channels/sms"
    body = {"enabled": on, "sender": "FC Odense"}
    assert (await centre.client.put(path, headers=centre.staff, json=body)).status_code == 200


async def offered(office: Office, contact: ContactShared = TEXTED) -> UUID:
    """A time is offered to whoever waits."""
    id = uuid7()
    starts_at = now() + timedelta(days=1)
    await office.hears(contact, id)
    event = TimeOffered(
        resource_id=uuid7(), resource_kind="room", starts_at=starts_at, ends_at=starts_at + timedelta(hours=1),
        locality="Bolbro", contact_id=id, answer_by=now() + timedelta(hours=2),
    )  # fmt: skip
    await office.hears(event, uuid7())
    return id


async def sends(office: Office, mail: Transport, texts: Texts | None) -> None:
    sender = Sender(office.database, mail, SENDER, texts)
    while await sender.round():
        pass


async def test_an_offer_is_a_text_message_to_whoever_prefers_it_and_no_mail(office: Office, centre: Centre) -> None:
    await switch(centre)
    await offered(office)

    async with MailServer().running() as server, Gateway().running() as gateway:
        await sends(office, server.smtp(), gateway.client())
        await sends(office, server.smtp(), gateway.client())

    [(line, secret, body)] = gateway.asked
    assert (line, secret) == ("POST /rest/mtsms HTTP/1.1", "t0ken:")
    assert (body["sender"], body["recipients"], body["encoding"]) == ("FC Odense", [{"msisdn": 4520123456}], "UTF8")
    assert body["message"].startswith("En tid, du venter på, er blevet ledig: ")
    assert body["message"].endswith("https://kompas.example/manage#1.t0ken")
    assert 0 < body["validity_period"] <= 7200
    assert server.mails == []
    assert await office.facts() == [("message.sent", BY_SMS)]


@pytest.mark.parametrize("why", ["not switched on", "no gateway", "prefers mail", "no number"])
async def test_otherwise_it_is_a_mail(office: Office, centre: Centre, why: str) -> None:
    await switch(centre, on=why != "not switched on")
    changed = {"prefers mail": {"prefers": None}, "no number": {"phone": None}}.get(why, {})
    await offered(office, TEXTED.model_copy(update=changed))

    async with MailServer().running() as server, Gateway().running() as gateway:
        await sends(office, server.smtp(), None if why == "no gateway" else gateway.client())

    assert (gateway.asked, server.subjects()) == ([], ["En tid er blevet ledig"])
    assert await office.facts() == [("message.sent", BY_MAIL)]


@pytest.mark.parametrize("status", [400, 422, 504, None], ids=str)
async def test_what_the_gateway_refuses_or_does_not_answer_goes_by_mail_once(
    office: Office, centre: Centre, status: int | None
) -> None:
    await switch(centre)
    await offered(office)

    async with MailServer().running() as server, Gateway(status).running() as gateway:
        await sends(office, server.smtp(), gateway.client())

    assert (len(gateway.asked), server.subjects()) == (1, ["En tid er blevet ledig"])
    assert await office.facts() == [("message.sent", BY_MAIL)]


@pytest.mark.parametrize("status", [401, 429, 500], ids=str)
async def test_a_gateway_with_something_against_us_is_asked_again_and_then_left_for_the_mail(
    office: Office, centre: Centre, status: int
) -> None:
    await switch(centre)
    await offered(office)

    async with MailServer().running() as server, Gateway(status).running() as gateway:
        await sends(office, server.smtp(), gateway.client())
        first = (len(gateway.asked), server.mails[:])
        with time_machine.travel(now() + timedelta(minutes=11)):
            await sends(office, server.smtp(), gateway.client())

    assert (first, len(gateway.asked)) == ((1, []), 2)
    assert server.subjects() == ["En tid er blevet ledig"]


async def test_a_gateway_that_is_away_loses_nothing(office: Office, centre: Centre) -> None:
    await switch(centre)
    await offered(office)
    away = Gateway()
    async with away.running():
        pass

    async with MailServer().running() as server:
        await sends(office, server.smtp(), away.client())
        assert (await office.states(), server.mails) == ([("pending", None)], [])
        async with away.running():
            with time_machine.travel(now() + timedelta(seconds=30)):
                await sends(office, server.smtp(), away.client())

    assert (len(away.asked), server.mails) == (1, [])
    assert await office.facts() == [("message.sent", BY_SMS)]


async def test_whoever_dies_after_the_gateway_has_taken_it_sends_no_second_text_message(
    office: Office, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Died(BaseException):
        pass

    async def die(*_: object) -> None:
        raise Died

    await switch(centre)
    await offered(office)

    async with MailServer().running() as server, Gateway().running() as gateway:
        with monkeypatch.context() as patched:
            patched.setattr(usecases, "mark_sent", die)
            with pytest.raises(Died):
                await sends(office, server.smtp(), gateway.client())
        with time_machine.travel(now() + timedelta(minutes=30)):
            await sends(office, server.smtp(), gateway.client())

    assert (len(gateway.asked), server.subjects()) == (1, ["En tid er blevet ledig"])


def texts_in(folder: Path) -> list[str]:
    return [file.read_text() for file in folder.iterdir()]


async def test_in_a_trial_it_lies_in_the_folder_until_its_reader_is_forgotten(
    office: Office, centre: Centre, tmp_path: Path
) -> None:
    await switch(centre)
    contact, box = await offered(office), Mailbox(tmp_path)
    settings = NotifySettings(database_url="", mailbox=tmp_path, sms_url="https://t0ken@gateway.example")

    await sends(office, box, texts_of(settings))

    [written] = texts_in(tmp_path)
    assert written.startswith("From: FC Odense\nTo: +4520123456\n\nEn tid, du venter på")
    async with office.database.transaction("*") as session:
        await erased_with_mails(box, session, str(contact))
    assert texts_in(tmp_path) == []


async def test_staff_note_what_somebody_prefers_and_their_number_is_kept_for_that_only(
    office: Office, centre: Centre
) -> None:
    contact = uuid7()
    await office.hears(AMINA.model_copy(update={"phone": "+4520123456"}), contact)
    path = f"/notify/{centre.tenant}/contacts/{contact}/preferences"
    assert [tuple(row) for row in await office.rows("select phone, prefers from contacts")] == [(None, "email")]

    chosen = await centre.client.put(path, headers=centre.staff, json={"channel": "sms", "phone": "20 12 34 56"})
    kept = await office.rows("select phone, prefers from contacts")
    back = await centre.client.put(path, headers=centre.staff, json={"channel": "email"})
    wrong = await centre.client.put(path, headers=centre.staff, json={"channel": "sms"})

    assert (chosen.json(), back.json()) == ({"channel": "sms"}, {"channel": "email"})
    assert [tuple(row) for row in kept] == [("+4520123456", "sms")]
    assert fields_of(wrong) == ["body"]
    assert [tuple(row) for row in await office.rows("select phone, prefers from contacts")] == [(None, "email")]
    assert (await centre.get(f"contacts/{uuid7()}/preferences", centre.staff)).status_code == 404
    assert (await centre.get(f"contacts/{contact}/preferences", CITIZEN)).status_code == 401


async def test_a_centre_sends_no_text_messages_until_it_says_so(centre: Centre, neighbour: Centre) -> None:
    assert (await centre.get("channels/sms", centre.staff)).json() == {"enabled": False, "sender": None}
    await switch(centre)

    assert (await centre.get("channels/sms", centre.staff)).json() == {"enabled": True, "sender": "FC Odense"}
    assert (await neighbour.get("channels/sms", neighbour.staff)).json()["enabled"] is False
    body = {"enabled": True, "sender": "Frivilligcentret"}
    path = f"/notify/{centre.tenant}/channels/sms"
    assert fields_of(await centre.client.put(path, headers=centre.staff, json=body)) == ["sender"]
    assert (await centre.client.put(path, headers=centre.association(), json=body)).status_code == 403


@pytest.mark.parametrize("url", ["gatewayapi.com", "https://gatewayapi.com", "http://t@gatewayapi.com", "ftp://t@x"])
def test_an_address_of_no_gateway_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="KOMPAS_SMS_URL"):
        GatewayApi(url)


def test_the_token_is_not_printed() -> None:
    assert "s3cret" not in repr(NotifySettings(database_url="", sms_url="https://s3cret@gatewayapi.com"))


@pytest.mark.parametrize(("awaits", "told"), [(True, ["Vi har fået din anmodning"]), (False, []), (None, [])])
async def test_a_request_that_must_be_approved_is_acknowledged(
    office: Office, awaits: bool | None, told: list[str]
) -> None:
    contact = uuid7()
    await office.hears(AMINA, contact)
    await office.hears(booked(contact, BookingRequested, awaits_answer=awaits), uuid7(), sequence=1)

    async with MailServer().running() as server:
        await office.sends(server.smtp())

    assert server.subjects() == told
    assert all("https://kompas.example/manage#1.t0ken" in mail.get_content() for mail in server.mails)
