"""The deliveries' table: each mail is a row before it is a mail."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.notify.deliveries.rules import Reason, State
from services.notify.models import Thing
from shared.aggregate import listed, moment
from shared.events.notify import MessageChannel, MessagePurpose


class Delivery(Thing, table=True):
    __tablename__ = "deliveries"

    event_id: UUID
    contact_id: UUID
    channel: MessageChannel = Field(sa_column=listed(MessageChannel))
    purpose: MessagePurpose = Field(sa_column=listed(MessagePurpose))
    # What the mail is about: a booking, an invitation to a survey, an editor's link, or a letter of the directory.
    subject_id: UUID
    sequence: int
    survey_id: UUID | None = None
    organisation_id: UUID | None = None
    # About how many entries of the directory it asks, or of how many deadlines or changes it tells.
    entries: int | None = None
    # Whether the mail may say when and where. After the end it is not sent at all.
    says_when: bool
    starts_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    ends_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    locality: str | None = None
    # Of recurring times: which, and why not the others (`seasons.Season`).
    season: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    # What it asks for is to be answered before then; later it is not sent.
    answer_by: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    # What the mail brings to the reader's own calendar, if anything: a gathering, or a room that they have booked.
    entry_id: UUID | None = None
    revision: int | None = None
    calendar_method: str | None = None
    state: State = Field(sa_column=listed(State))
    reason: Reason | None = Field(sa_column=listed(Reason, nullable=True))
    attempts: int = 0
    created_at: datetime = Field(sa_column=moment())
    # While pending: when to try next. While sending: when whoever took it is taken for dead.
    due_at: datetime = Field(sa_column=moment())
    finished_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))

    @property
    def booking_id(self) -> UUID | None:
        elsewhere = self.survey_id or self.entries or self.purpose is MessagePurpose.EDITOR_LINK
        return None if elsewhere else self.subject_id
