"""The sign-ups' table. That no seat is taken twice, and none that is not there, is decided in the migration."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.booking.models import Thing
from services.booking.signups.rules import SignupState
from shared.aggregate import listed, moment
from shared.events.bookings import Channel
from shared.events.signups import SignupEnd


class Signup(Thing, table=True):
    __tablename__ = "signups"

    gathering_id: UUID
    # The gathering's own, so that the database can compare the seat with it.
    capacity: int | None
    seat: int | None = None
    state: SignupState = Field(sa_column=listed(SignupState))
    meets: list[str] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    # By the centre, to something that need not be public: their mails say when and where.
    invited: bool = False
    channel: Channel = Field(sa_column=listed(Channel))
    organisation_id: UUID | None = None
    contact_id: UUID | None = None
    token_hash: bytes
    queued_at: datetime = Field(sa_column=moment())
    ended_by: SignupEnd | None = Field(None, sa_column=listed(SignupEnd, nullable=True))
    attended: bool | None = None
