"""What every service reads from its environment (`KOMPAS_…`), as typed values."""

from typing import Annotated, Self

from pydantic import field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="KOMPAS_", extra="ignore", hide_input_in_errors=True)

    database_url: str
    """This service's own database; `{service}` is replaced by the service's name, so that one value can serve all."""
    kafka_bootstrap_servers: str = "127.0.0.1:9092"
    kafka_username: str = ""
    """With a user name: SASL_SSL with SCRAM-SHA-512. Without one: plain, for a closed network."""
    kafka_password: str = ""
    jwks: str = ""
    """A file or an https address with the public keys that sign tokens (RFC 7517). Empty: no token is valid."""
    issuer: str = "kompas-local"
    audience: str = "kompas"
    tenants: Annotated[tuple[str, ...] | None, NoDecode] = None
    """Comma-separated slugs of the centres that live here; another one is a 404. None: any well-formed slug."""
    public_url: str = "http://127.0.0.1:8000"
    """Where citizens reach this system; links in mail begin with it."""
    pool_size: int = 10
    """Database connections of one process of one service. PostgreSQL's `max_connections` bounds the sum."""
    log_level: str = "INFO"

    @field_validator("tenants", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    def for_service(self, service: str) -> Self:
        """The same settings with the placeholder in the database's address filled in, and psycopg 3 named as driver."""
        url = self.database_url.replace("{service}", service)
        if url.startswith(("postgres://", "postgresql://")):
            url = "postgresql+psycopg://" + url.split("://", 1)[1]
        return self.model_copy(update={"database_url": url})
