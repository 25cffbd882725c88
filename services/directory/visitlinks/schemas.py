"""Visit links as they are made and listed."""

from datetime import date
from uuid import UUID

from pydantic import Field

from services.directory.pageviews.schemas import LinkToken, UnitName
from shared.validation import Answer, Body


class NewVisitLink(Body):
    """Without a `unit`: for staff's own browsers, which are not counted."""

    unit: UnitName | None = None


class Mark(Body):
    link: LinkToken


class VisitLinkAnswer(Answer):
    id: UUID
    unit: str | None
    made_on: date
    ended_on: date | None


class NewVisitLinkAnswer(VisitLinkAnswer):
    url: str = Field(description="Told this once. Whoever opens it can say that their browser is one of the unit.")


class MarkAnswer(Answer):
    unit: str | None
