"""Calendars of one's own as they are asked for and answered."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.booking.feeds.rules import ThingKind
from shared.validation import Answer, Body

Token = Annotated[str, Field(min_length=1, max_length=200)]


class OwnLink(Body):
    """Something that was asked for, and the token that manages it."""

    kind: ThingKind
    id: UUID
    token: Token


class NewOwnCalendar(Body):
    """With `calendar`, as it was answered once, these are put into that one."""

    things: Annotated[list[OwnLink], Field(min_length=1, max_length=50)]
    calendar: Token | None = None


class OwnCalendarAnswer(Answer):
    """Told once. Whoever has the address reads the calendar; `calendar` puts more into it, and removes it."""

    url: str
    calendar: str
