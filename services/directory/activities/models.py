"""The activities' table. Its search vector is the database's own: it is generated, and never read back."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from services.directory.models import Entry, document, modified, words
from services.directory.rules import State
from shared.aggregate import listed
from shared.events.kinds import Form


class Activity(Entry, table=True):
    __tablename__ = "activities"

    organisation_id: UUID
    title: str
    description: str
    themes: list[str] = Field(sa_column=words())
    target_groups: list[str] = Field(sa_column=words())
    languages: list[str] = Field(sa_column=words())
    locality: str | None = None
    state: State = Field(default=State.DRAFT, sa_column=listed(State))
    published_on: date | None = None
    withdrawn_on: date | None = None
    withdrawal_reason: str | None = None
    modified_at: datetime = Field(default=None, sa_column=modified())
    form: Form = Field(default=Form.PHYSICAL, sa_column=listed(Form))
    price: int | None = None
    accessibility: list[str] = Field(default_factory=list, sa_column=words())
    schedules: list[dict[str, Any]] = Field(default_factory=list, sa_column=document())
    how_to_join: str = ""
    website: str | None = None
    companion_welcome: bool = False
    volunteers_wanted: bool = False
    premises_id: UUID | None = None
    address: str | None = None
    postcode: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    publish_on: date | None = None
    expires_on: date | None = None
