"""Content pages as they are sent and answered."""

from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, field_validator

from services.directory.rules import State
from services.directory.schemas import PageBody, ThingAnswer
from shared.errors import Wrong
from shared.events.directory import ContentKind
from shared.events.words import Key
from shared.inputs import DayOfOld, Line, composed
from shared.validation import Body

Slug = Annotated[Key, BeforeValidator(composed)]


class NewPage(Body):
    kind: ContentKind
    slug: Slug
    title: Line
    body: PageBody = ""


class PageChange(Body):
    """Only the fields that are sent change. The slug stays: others link to it, and goals count by it."""

    title: Line | None = None
    body: PageBody | None = None

    @field_validator("title", "body")
    @classmethod
    def _kept(cls, value: Any) -> Any:
        if value is None:
            raise Wrong("skal udfyldes", "is required")
        return value


class Publishing(Body):
    published_on: DayOfOld | None = None


class Withdrawing(Body):
    withdrawn_on: DayOfOld | None = None


class PageAnswer(ThingAnswer):
    kind: ContentKind
    slug: str
    title: str
    body: str
    state: State
    published_on: date | None
    withdrawn_on: date | None
