"""The memberships' table."""

from datetime import date
from uuid import UUID

from sqlmodel import Field

from services.directory.models import Thing
from shared.aggregate import listed
from shared.events.directory import MembershipKind


class Membership(Thing, table=True):
    __tablename__ = "memberships"

    organisation_id: UUID
    kind: MembershipKind = Field(sa_column=listed(MembershipKind))
    started_on: date
    ended_on: date | None = None
