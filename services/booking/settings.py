"""What booking reads from its environment beyond what every service does: how it keeps what citizens confide."""

from typing import Annotated, Self

from cryptography.fernet import Fernet
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from shared.settings import Settings


class BookingSettings(Settings):
    message_keys: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    """Comma-separated Fernet keys for what citizens write to their adviser: the first encrypts, all of them decrypt.
    To change keys, put the new one first; the old one can go when the worker has run for an hour with both. Without a
    key, booking takes no messages."""
    message_days: Annotated[int, Field(ge=1)] = 30
    """So many days after the conversation a message is deleted."""
    contact_days: Annotated[int, Field(ge=30)] = 365
    """So many days after a booking the name and address are deleted, unless it was an association's."""

    @classmethod
    def of(cls, settings: Settings | None) -> Self:
        """These settings, and from the environment what they lack."""
        if isinstance(settings, cls):
            return settings
        return cls(**settings.model_dump()) if settings else cls()

    @field_validator("message_keys", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("message_keys")
    @classmethod
    def _keys(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        for key in value:
            try:
                Fernet(key.get_secret_value())
            except ValueError:
                raise ValueError("each must be a Fernet key: 32 bytes in URL-safe base64") from None
        return value
