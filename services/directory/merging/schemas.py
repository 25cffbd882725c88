"""Two entries side by side as whoever merges them reads it: why they look alike, in what they differ, what was done."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import Field

from services.directory.freshness.rules import EntryKind
from services.directory.merges.rules import MergeField, Side
from services.directory.reviewing.schemas import PieceAnswer
from services.directory.schemas import Note, ThingAnswer
from shared.errors import Text
from shared.validation import Answer


class Line(Answer):
    name: Note
    text: str


class Alike(Answer):
    """Enough of an entry to recognise it by."""

    id: UUID
    name: str
    lines: list[Line]


class Pair(Answer):
    """The one that would be kept comes first."""

    entries: list[Alike]
    score: int = Field(description="Of a hundred.")
    why: Note


class Pairs(Answer):
    """Surest first; `total` is how many there are in all."""

    items: list[Pair]
    total: int


class Counted(Answer):
    name: Note
    count: int

    @classmethod
    def those(cls, counts: Iterable[tuple[Text, int]]) -> list[Self]:
        return [cls(name=Note.of(name), count=count) for name, count in counts]


class Seen(Alike):
    version: int


class Differing(Answer):
    """What one choice is made about: a field, or all that says where it is. Whose word would stand is `taken`."""

    fields: list[MergeField]
    name: Note
    kept: list[PieceAnswer]
    merged: list[PieceAnswer]
    taken: Side


class Compared(Answer):
    """What merging would do. Where it cannot be done, `refused` says why, and nothing would move."""

    kind: EntryKind
    kept: Seen
    merged: Seen
    fields: list[Differing]
    moved: list[Counted]
    refused: str | None


class Earlier(ThingAnswer):
    """A merge that was done. `left` says in words what undoing it did not bring back."""

    kind: EntryKind
    kept: str = Field(description="What the kept entry is called now.")
    merged: str
    merged_at: datetime
    undone_at: datetime | None
    moved: list[Counted]
    left: list[Note]
