"""The engagements' table: what companies have promised, and what they have done."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field

from services.matching.engagements.rules import EngagementState
from services.matching.models import Thing
from shared.aggregate import listed, moment
from shared.events.matching import EngagementKind


class Engagement(Thing, table=True):
    __tablename__ = "engagements"

    state: EngagementState = Field(EngagementState.AGREED, sa_column=listed(EngagementState))
    company_id: UUID
    organisation_id: UUID | None = None
    kind: EngagementKind = Field(sa_column=listed(EngagementKind))
    agreed_at: datetime = Field(sa_column=moment())
    held_on: date | None = None
    hours: float | None = None
