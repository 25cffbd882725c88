"""The tables of what was asked: one letter to one owner, and its questions, each about one entry."""

from datetime import date
from uuid import UUID

from sqlmodel import Field

from services.directory.freshness.rules import EntryKind
from services.directory.models import Table, Thing
from shared.aggregate import listed
from shared.clock import today


class FreshnessPolicy(Table, table=True):
    """After how many months; None: never."""

    __tablename__ = "freshness_policies"

    tenant: str = Field(primary_key=True)
    organisation: int | None
    activity: int | None
    premises: int | None


class Asking(Thing, table=True):
    __tablename__ = "freshness_askings"

    contact_role_id: UUID
    # How notify knows whom the letter is for; none once there is nothing left to write.
    contact_id: UUID | None = None
    token_hash: bytes
    asked_on: date = Field(default_factory=today)
    reminded_on: date | None = None
    lapsed_on: date | None = None


class Question(Thing, table=True):
    """Open until it has an answer. `elsewhere`: it was settled by other means, so that there is nothing left to ask.
    Whoever says that something has changed has not answered yet."""

    __tablename__ = "freshness_questions"

    asking_id: UUID
    kind: EntryKind = Field(sa_column=listed(EntryKind))
    entry_id: UUID
    answer: str | None = None
    answered_on: date | None = None
    changed_on: date | None = None
    note: str | None = None
