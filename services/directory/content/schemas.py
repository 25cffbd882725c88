"""Content pages as they are sent and answered."""

from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator

from services.directory.inputs import Translations
from services.directory.rules import State
from services.directory.schemas import PageBody, ThingAnswer
from shared.errors import Wrong
from shared.events.directory import ContentKind
from shared.events.words import Key
from shared.inputs import Day, DayOfOld, Line, composed
from shared.validation import Body

Slug = Annotated[Key, BeforeValidator(composed)]


class PageTexts(Body):
    """What a page says in another language."""

    title: Line | None = None
    body: PageBody | None = None


class _Season(Body):
    """The days on which the page stands on the front page, both included."""

    front_from: Day | None = None
    front_to: Day | None = None


class NewPage(_Season):
    kind: ContentKind
    slug: Slug
    title: Line
    body: PageBody = ""
    translations: Translations[PageTexts] = Field(default_factory=dict)


class PageChange(_Season):
    """Only the fields that are sent change. The slug stays: others link to it, and goals count by it."""

    title: Line | None = None
    body: PageBody | None = None
    translations: Translations[PageTexts] | None = None

    @field_validator("title", "body", "translations")
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
    front_from: date | None
    front_to: date | None
    translations: dict[str, dict[str, str]]
