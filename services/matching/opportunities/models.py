"""The opportunities' table: what organisations look for volunteers to do."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.matching.models import Thing
from services.matching.opportunities.rules import OpportunityState
from shared.aggregate import listed, moment
from shared.events.matching import OpportunityKind


class Opportunity(Thing, table=True):
    __tablename__ = "opportunities"

    state: OpportunityState = Field(OpportunityState.OPEN, sa_column=listed(OpportunityState))
    organisation_id: UUID
    kind: OpportunityKind = Field(sa_column=listed(OpportunityKind))
    title: str
    description: str
    skills: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    locality: str | None = None
    posted_at: datetime = Field(sa_column=moment())
    closed_at: datetime | None = Field(None, sa_column=moment(nullable=True))
