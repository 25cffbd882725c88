"""Merges as they are sent and answered."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from services.directory.freshness.rules import EntryKind
from services.directory.merges.rules import MergeField, Side
from services.directory.schemas import ThingAnswer
from shared.validation import Answer, Body


class NewMerge(Body):
    """`merged_id` goes into `kept_id`. `fields` chooses, per field, whose value stands afterwards. `versions` are those
    that were looked at: where either has changed since, the answer is 412 and nothing is merged."""

    kind: EntryKind = EntryKind.ORGANISATION
    kept_id: UUID
    merged_id: UUID
    fields: dict[MergeField, Side] = Field(default_factory=dict)
    versions: dict[Side, int] = Field(default_factory=dict)


class FieldTaken(Answer):
    field: str
    before: Any
    after: Any


class FieldSaid(Answer):
    """Where the two do not say the same: what either says, and whose word would stand."""

    field: str
    kept: Any
    merged: Any
    taken: Side


class MergePreview(Answer):
    """What a merge would change; nothing has changed yet."""

    kind: EntryKind
    fields: list[FieldSaid]
    moved: dict[str, int]
    ended_memberships: list[UUID]


class Left(Answer):
    """What undoing did not bring back, because somebody has changed it since: it stays as it is now."""

    what: str
    id: UUID | None
    field: str | None


class MergeAnswer(ThingAnswer):
    """`moved` counts what went from one entry to the other, by noun; `left` is what an undoing found changed since."""

    kind: EntryKind
    kept_id: UUID
    merged_id: UUID
    merged_at: datetime
    undone_at: datetime | None
    fields: list[FieldTaken]
    moved: dict[str, int]
    ended_memberships: list[UUID]
    left: list[Left]
