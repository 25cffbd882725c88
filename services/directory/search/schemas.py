"""What is asked of finding, and what it answers."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.directory.activities.schemas import ActivityAnswer
from services.directory.rules import State
from shared.events.kinds import Form
from shared.events.words import Site
from shared.inputs import Line
from shared.paging import Page
from shared.validation import Answer, Body

PORTAL = "socialkompas"
Filter = Annotated[str | None, Field(max_length=60)]


class Wanted(BaseModel):
    """What is asked of finding, in the address."""

    q: Annotated[str | None, Field(max_length=200, description="Words, the last one perhaps unfinished.")] = None
    theme: Filter = None
    target_group: Filter = None
    language: Filter = None
    locality: Filter = None
    organisation_id: UUID | None = None
    weekday: Annotated[int | None, Field(ge=0, le=6, description="0 is Monday.")] = None
    form: Form | None = None
    price: Literal["free", "cheap", "more", "unknown"] | None = None
    access: Annotated[list[str] | None, Field(max_length=10, description="All of them are needed.")] = None
    near: Annotated[str | None, Field(max_length=60, description="A postcode, a place, or `55.40,10.39`.")] = None
    radius_km: Annotated[float | None, Field(gt=0, le=500)] = None
    open_now: bool = False
    site: Site = PORTAL
    state: Annotated[State, Field(description="Not published: for staff, or of one's own.")] = State.PUBLISHED
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str | None, Field(max_length=100)] = None


class Typed(BaseModel):
    """What a field holds while somebody types."""

    q: Annotated[str, Field(max_length=200)]


class FindingAnswer(Page[ActivityAnswer]):
    """`facets`: how many there are of each kind, if the rest of the question stays as it is. `corrected`: the words as
    they were understood, where that is not how they were typed. `partly`: nothing says all of it."""

    count: int
    facets: dict[str, dict[str, int]]
    corrected: str | None
    partly: bool


class SuggestionsAnswer(Answer):
    words: list[str]
    titles: list[str]


class SynonymAnswer(Answer):
    word: str
    finds: list[str]
    default: bool


class SynonymsAnswer(Answer):
    items: list[SynonymAnswer]


class WantedSynonym(Body):
    """What whoever looks for the word also finds; none takes a default away."""

    finds: Annotated[list[Line], Field(max_length=20)]


class GapAnswer(Answer):
    words: str
    searches: int
    filters: dict[str, int]
    last_on: date


class GapsAnswer(Answer):
    since: date
    least_visitors: int
    items: list[GapAnswer]


class DayShown(Answer):
    day: date
    shown: int
    opened: int


class EntryShown(Answer):
    activity_id: UUID
    shown: int
    opened: int


class ShownAnswer(Answer):
    since: date
    shown: int
    opened: int
    days: list[DayShown]
    entries: list[EntryShown]
