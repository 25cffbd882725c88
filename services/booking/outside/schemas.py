"""Calendars that are kept elsewhere, as they are set and answered: their address goes in and never comes out."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, SecretStr

from services.booking.outside.rules import Failure
from shared.errors import Wrong
from shared.validation import Answer, Body


def _https(given: SecretStr) -> SecretStr:
    """`webcal://` is how calendar programs write the same."""
    scheme, _, rest = given.get_secret_value().partition("://")
    if scheme.lower() not in ("https", "webcal", "webcals") or not rest or not rest.isprintable() or " " in rest:
        raise Wrong("skal være en https-adresse", "must be an https address")
    return SecretStr(f"https://{rest}")


class NewOutsideCalendar(Body):
    url: Annotated[SecretStr, Field(max_length=2_000), AfterValidator(_https)]


class OutsideCalendarAnswer(Answer):
    """When it was last read, and, if the last attempt failed, why; then what was read before it still counts."""

    resource_id: UUID
    set_at: datetime
    fetched_at: datetime | None
    failed_at: datetime | None
    failure: Failure | None
    busy_periods: int
