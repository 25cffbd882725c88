"""What notify reads from its environment besides what every service does: how mail leaves."""

from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from typing import Self

from pydantic import SecretStr, field_validator

from shared.settings import Settings


class NotifySettings(Settings):
    smtp_url: SecretStr = SecretStr("")
    """`smtp://user:password@host:587` (STARTTLS, required unless the host is this machine) or `smtps://…:465`."""
    sms_url: SecretStr = SecretStr("")
    """A gateway for text messages that speaks GatewayAPI's REST API, with the API token as user:
    `https://TOKEN@gatewayapi.com`. Without one, and unless a centre switches them on, everything goes by mail."""
    mailbox: Path | None = None
    """A folder that mails are written to instead of being sent. It wins, so that a trial run reaches nobody."""
    mail_from: str = "Frivilligcentret <kompas@localhost>"
    """Who mails are from: the name signs them, and the address's domain is that of their Message-ID."""

    @classmethod
    def completing(cls, settings: Settings | None) -> Self:
        """`settings` as given, and from the environment what they do not hold."""
        if isinstance(settings, cls):
            return settings
        return cls(**settings.model_dump()) if settings else cls()

    @field_validator("mailbox", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return value or None

    @field_validator("mail_from")
    @classmethod
    def _an_address(cls, value: str) -> str:
        try:
            _parsed(value)
        except Exception:  # The standard library raises many things here.
            raise ValueError("must be one address with a domain: Name <name@example.dk>") from None
        return value

    @property
    def sender(self) -> Address:
        return _parsed(self.mail_from)


def _parsed(written: str) -> Address:
    message = EmailMessage()
    message["From"] = written
    (address,) = message["From"].addresses
    if message["From"].defects or not address.domain:
        raise ValueError
    return Address(address.display_name, address.username, address.domain)
