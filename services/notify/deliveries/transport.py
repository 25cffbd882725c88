"""How a written mail leaves: over SMTP, or into a folder. What goes wrong is told as `Refused` or `PutOff`."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib
from aiosmtplib import SMTPDataError, SMTPException, SMTPNotSupported, SMTPRecipientRefused, SMTPRecipientsRefused

from services.notify.deliveries.failures import PutOff, Refused, is_this_machine
from services.notify.deliveries.rules import Reason
from services.notify.deliveries.texts import TextMessage
from services.notify.settings import NotifySettings

# A server that is silent for so long has gone; the mail is tried again.
SMTP_TIMEOUT = 20.0

Post = Callable[[EmailMessage, str], Awaitable[None]]


class Transport(Protocol):
    patience: timedelta
    """How long some mails may take. Whoever is silent for twice as long is taken for dead, and they are sent again."""

    def open(self) -> AbstractAsyncContextManager[Post]:
        """A way out for some mails; the second argument of `Post` is the mail's name."""


class Mailbox:
    """A folder of .eml files. A mail that is written again replaces itself, so here each exists exactly once."""

    patience = timedelta(seconds=5)

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Post]:
        yield self._put

    async def _put(self, message: EmailMessage, name: str) -> None:
        try:
            await asyncio.to_thread(self._write, _bytes(message), f"{name}.eml")
        except OSError as error:
            raise PutOff from error

    async def send(self, text: TextMessage, name: str) -> None:
        """A text message lies beside the mails."""
        written = f"From: {text.sender}\nTo: {text.number}\n\n{text.words}\n"
        try:
            await asyncio.to_thread(self._write, written.encode(), f"{name}.txt")
        except OSError as error:
            raise PutOff from error

    async def forget(self, names: Iterable[str]) -> None:
        """Whoever is erased is erased here, too: what lies in the folder was delivered to nobody and is still ours."""
        for name in names:
            for file in (f"{name}.eml", f"{name}.txt"):
                await asyncio.to_thread((self._folder / file).unlink, missing_ok=True)

    def _write(self, content: bytes, name: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        whole = self._folder / name
        unfinished = whole.with_suffix(".unfinished")  # Whoever looks for *.eml must not find it.
        unfinished.write_bytes(content)
        unfinished.replace(whole)  # Whole or not at all.


def _bytes(message: EmailMessage) -> bytes:
    """As a mail server would be given it; only an address beyond ASCII needs headers beyond ASCII."""
    return message.as_bytes(policy=SMTP if str(message["To"]).isascii() else SMTPUTF8)


class Smtp:
    """A mail server. Mail about people's appointments travels encrypted or not at all, except within this machine."""

    patience = timedelta(minutes=1)

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("KOMPAS_SMTP_URL must be smtp://[user:password@]host[:port] or smtps://…")
        self._host = parts.hostname
        self._implicit_tls = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._implicit_tls else 587)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._tls = ssl.create_default_context()
        self._tls.minimum_version = ssl.TLSVersion.TLSv1_2

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Post]:
        client = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            username=self._user,
            password=self._password,
            use_tls=self._implicit_tls,
            # True, not None: with None a server, or whoever sits between, could do without by not offering it.
            start_tls=not self._implicit_tls and not is_this_machine(self._host),
            tls_context=self._tls,
            timeout=SMTP_TIMEOUT,
        )
        try:
            await client.connect()
        except (SMTPException, OSError) as error:
            client.close()
            raise PutOff from error

        async def post(message: EmailMessage, _: str) -> None:
            try:
                await client.send_message(message)
            except (SMTPException, OSError) as error:
                raise _meaning(error) from error

        try:
            yield post
        finally:
            with suppress(SMTPException, OSError):
                await client.quit()
            client.close()


def _meaning(error: Exception) -> Refused | PutOff:
    """A permanent refusal (5xx) of this recipient or this text is the mail's; anything else is the server's mood."""
    match error:
        case SMTPRecipientsRefused(recipients=[SMTPRecipientRefused(code=code), *_]) if code >= 500:
            return Refused(Reason.RECIPIENT_REFUSED)
        case SMTPDataError(code=code) if code >= 500:
            return Refused(Reason.MESSAGE_REFUSED)
        case SMTPNotSupported():
            return Refused(Reason.ADDRESS_INVALID)
    return PutOff()


def transport_of(settings: NotifySettings) -> Transport:
    if settings.mailbox:
        return Mailbox(settings.mailbox)
    if url := settings.smtp_url.get_secret_value():
        return Smtp(url)
    raise ValueError("notify cannot send: set KOMPAS_SMTP_URL to a mail server, or KOMPAS_MAILBOX to a folder")
