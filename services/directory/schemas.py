"""Texts as they are sent to the directory, and what is answered of every noun."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import BeforeValidator, StringConstraints, computed_field

from services.directory.freshness import rules as ages
from services.directory.models import AssuredBy
from services.directory.rules import Freshness
from shared.errors import Text
from shared.inputs import ONE_LINE, composed
from shared.validation import Answer

Name = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=ONE_LINE), BeforeValidator(composed)]
PageBody = Annotated[str, StringConstraints(max_length=50_000), BeforeValidator(composed)]


class ThingAnswer(Answer):
    id: UUID
    version: int


class Note(Answer):
    da: str
    en: str

    @classmethod
    def of(cls, words: Text) -> Self:
        return cls(da=words.da, en=words.en)


class EntryAnswer(ThingAnswer):
    """How far it is from having been assured. `hidden`: no list shows it; `note` says so to whoever has its link."""

    assured_on: date | None
    assured_by: AssuredBy | None
    freshness: Freshness

    @computed_field
    def note(self) -> Note | None:
        said = ages.note(self.freshness, self.assured_on)
        return Note.of(said) if said else None
