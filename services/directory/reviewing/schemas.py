"""What waits for staff, and one change as whoever decides about it reads it."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from services.directory.changes.models import Kind
from services.directory.changes.rules import State
from services.directory.schemas import Note, ThingAnswer
from shared.errors import Language
from shared.validation import Answer


class Waiting(ThingAnswer):
    kind: Kind
    name: str = Field(description="What the entry is called now.")
    organisation: str | None
    submitted_at: datetime
    changed: list[Note] = Field(description="What the fields are called that change.")


class Queue(Answer):
    """Who has waited longest comes first; `count` is how many wait in all."""

    items: list[Waiting]
    count: int
    next_cursor: str | None


class PieceAnswer(Answer):
    text: str
    changed: bool


class Part(Answer):
    """One text in words, as it is and as it becomes. The pieces that differ are `changed`: gone before, new after."""

    field: str
    name: Note
    before: list[PieceAnswer]
    after: list[PieceAnswer]


class Reviewed(ThingAnswer):
    kind: Kind
    entry_id: UUID
    name: str = Field(description="What the entry is called now.")
    organisation: str | None
    state: State
    reason: str | None
    submitted_at: datetime | None
    decided_at: datetime | None
    mailed: bool = Field(description="An editor sent it in by a link, and is mailed what is decided.")
    first: bool = Field(description="Nobody has seen the entry yet: everything it says is new.")
    languages: list[Language] = Field(description="In which languages the preview says something of its own.")
    parts: list[Part] = Field(description="Exactly what changes, in words.")
