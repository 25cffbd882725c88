"""The gatherings' table: people who are invited to meet."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.booking.gatherings.rules import Admission, GatheringState
from services.booking.models import Thing
from shared.aggregate import listed, moment
from shared.clock import now
from shared.events.gatherings import GatheringKind
from shared.events.kinds import Form
from shared.events.signups import CountedBy


class Gathering(Thing, table=True):
    __tablename__ = "gatherings"

    kind: GatheringKind = Field(sa_column=listed(GatheringKind))
    title: str
    description: str | None = None
    topic: str | None = None
    # What binds several together: a course's evenings, a relay with its many hosts.
    series: str | None = None
    # Names stay here; an event says an organiser's id and sector.
    organisers: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    audience_unit: str | None = None
    locality: str | None = None
    place: str | None = None
    stops: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    form: Form = Field(sa_column=listed(Form))
    starts_at: datetime = Field(sa_column=moment())
    ends_at: datetime = Field(sa_column=moment())
    admission: Admission = Field(Admission.SIGNUP, sa_column=listed(Admission))
    capacity: int | None = None
    waiting_list: bool = True
    criteria: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    evaluation_url: str | None = None
    # Internal: staff see it, the public calendar does not.
    internal: bool = False
    state: GatheringState = Field(sa_column=listed(GatheringState))
    # When it last became different for who reads the calendar.
    changed_at: datetime = Field(default_factory=now, sa_column=moment())
    # Recorded off the list or by counting; `participants` is the number that was told when it was held.
    attended: int | None = None
    counted_by: CountedBy | None = Field(None, sa_column=listed(CountedBy, nullable=True))
    participants: int | None = None
    cancel_reason: str | None = None
