"""A post office: bookings and contacts come in by the consumers' own doors, mails go out to a real mail server."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from aiosmtpd.smtp import SMTP, Envelope
from sqlalchemy import text

from services.notify import asking, consumers
from services.notify.deliveries.sender import Sender
from services.notify.deliveries.transport import Smtp, Transport
from shared.clock import now
from shared.database import Database
from shared.events import CATALOGUE
from shared.events.bookings import BookingCancelled, BookingConfirmed
from shared.events.contacts import ContactShared
from shared.events.decisions import DecisionAnnounced
from shared.events.envelope import Event, read
from shared.events.funding import FundingAnnounced
from shared.events.kpi import SurveyClosed, SurveyInvited, SurveyReminded, SurveyResponseSubmitted
from shared.events.signups import SignupCancelled
from shared.ids import uuid7
from shared.messaging.consume import Handler, Received
from shared.tenancy import EVERY_TENANT

SENDER = Address("Frivilligcenter Odense", addr_spec="kompas@example.dk")
AMINA = ContactShared(
    name="Amina Ærø", email="amina@example.com", language="da", manage_url="https://kompas.example/manage#1.t0ken"
)


def booked(contact_id: UUID | None, kind: type[Event] = BookingConfirmed, **fields: Any) -> Event:
    """A conversation tomorrow that nobody else needs to know about."""
    starts_at = fields.pop("starts_at", now() + timedelta(days=1))
    more = {"cancelled_by": "citizen"} if kind is BookingCancelled else {}
    return kind.model_validate(
        {
            "resource_id": uuid7(),
            "resource_kind": "conversation",
            "purpose": "seeking_community",
            "channel": "self",
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(minutes=30),
            "locality": "Vollsmose",
            "contact_id": contact_id,
            **more,
            **fields,
        }
    )


@dataclass
class Office:
    database: Database
    tenant: str

    async def hears(
        self, event: Event, subject: UUID, *, sequence: int = 2, said_at: datetime | None = None, id: UUID | None = None
    ) -> None:
        """As the consumer's door does it, without Kafka."""
        said_at = said_at or now()
        received = Received(id or uuid7(), event.TYPE, self.tenant, str(subject), said_at, said_at, sequence, event)
        handlers: dict[type[Event], Handler] = {
            ContactShared: consumers.contact_shared,
            **consumers.TELLING,
            SurveyInvited: asking.survey_invited,
            SurveyReminded: asking.survey_reminded,
            SurveyResponseSubmitted: asking.survey_answered,
            SurveyClosed: asking.survey_closed,
            **dict.fromkeys(consumers.SIGNUPS, consumers.signup_changed),
            SignupCancelled: consumers.signup_cancelled,
            **dict.fromkeys(asking.ASSURANCES, asking.assurance_asked),
            FundingAnnounced: asking.funding_announced,
            DecisionAnnounced: asking.decision_announced,
        }
        async with self.database.transaction(self.tenant) as session:
            await handlers[type(event)](session, received)

    async def erases(self, contact_id: UUID) -> None:
        async with self.database.transaction(EVERY_TENANT) as session:
            await consumers.contact_erased(session, str(contact_id))

    async def sends(self, transport: Transport) -> None:
        """Everything that is due, and what becomes due by it."""
        sender = Sender(self.database, transport, SENDER)
        while await sender.round():
            pass

    async def rows(self, query: str, **values: Any) -> list[Any]:
        async with self.database.transaction(EVERY_TENANT) as session:
            return list(await (await session.connection()).execute(text(query), values))

    async def states(self) -> list[tuple[str, str | None]]:
        return [(row.state, row.reason) for row in await self.rows("select state, reason from deliveries order by id")]

    async def facts(self) -> list[tuple[str, dict[str, Any]]]:
        """What became of the mails, as everybody hears it."""
        found = []
        for (payload,) in await self.rows("select payload from outbox order by id"):
            envelope = read(payload)
            CATALOGUE[envelope.type].model_validate(envelope.data)
            assert envelope.tenant == self.tenant
            found.append((envelope.type.removeprefix("kompas.notify.").removesuffix(".v1"), envelope.data))
        return found


@dataclass
class MailServer:
    """A real one. It takes what it is given, unless it is told what to answer to `RCPT` or `DATA`."""

    rcpt: str = ""
    data: str = ""
    asked: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        self.asked += 1
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.data:
            return self.data
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert envelope.rcpt_tos == [mail["To"]]
        self.mails.append(mail)
        return "250 OK"

    def subjects(self) -> list[str]:
        return [mail["Subject"] for mail in self.mails]

    def smtp(self, host: str = "127.0.0.1") -> Smtp:
        return Smtp(f"smtp://{host}:{self.port}")

    @asynccontextmanager
    async def running(self, port: int = 0, tls: ssl.SSLContext | None = None) -> AsyncIterator["MailServer"]:
        server = await asyncio.get_running_loop().create_server(
            lambda: SMTP(self, hostname="mail.example", tls_context=tls, require_starttls=tls is not None),
            "127.0.0.1",
            port,
        )
        self.port = server.sockets[0].getsockname()[1]
        async with server:
            yield self
