"""What is asked of finding, and what it answers."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.directory.activities.schemas import ActivityAnswer
from shared.inputs import Line
from shared.paging import Page
from shared.validation import Answer, Body


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
