"""The changes' table: what somebody has written of an entry that the public does not see yet."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.directory.changes.rules import State
from services.directory.models import Thing, document
from shared.aggregate import listed, moment


class Kind(StrEnum):
    """What kind of entry it is a change of."""

    ORGANISATION = "organisation"
    ACTIVITY = "activity"
    PREMISES = "premises"


class Change(Thing, table=True):
    __tablename__ = "changes"

    kind: Kind = Field(sa_column=listed(Kind))
    entry_id: UUID
    organisation_id: UUID | None
    fields: dict[str, Any] = Field(sa_column=document())
    state: State = Field(default=State.DRAFT, sa_column=listed(State))
    reason: str | None = None
    decided: list[dict[str, Any]] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    submitted_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    decided_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    # The contact role of whoever sent it in last, if by an editor link: nobody else is known by an address.
    sent_by: UUID | None = None
    # Since when they have something to be told of it; then the link that the letter about it brings, for as long as
    # the letter may wait to be sent.
    untold_since: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    letter_id: UUID | None = None
