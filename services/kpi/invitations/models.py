"""Who was asked to answer a survey, where to, and whether they were reminded."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from services.kpi.models import Thing
from shared.aggregate import moment
from shared.clock import now


class Invitation(Thing, table=True):
    __tablename__ = "invitations"
    survey_id: UUID
    organisation_id: UUID
    name: str | None = None
    """The association's, as staff wrote it."""
    email: str | None = None
    """Here while the survey needs it; `contact_id` is how `notify` knows it."""
    language: str = "da"
    contact_id: UUID | None = None
    token_hash: bytes | None = None
    """Of the newest link; the token itself is nowhere but in the mail."""
    invited_at: datetime = Field(default_factory=now, sa_column=moment())
    reminders: int = 0
    reminded_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
