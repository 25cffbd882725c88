"""Memberships as they are sent and answered."""

from datetime import date
from uuid import UUID

from services.directory.schemas import ThingAnswer
from shared.events.directory import MembershipKind
from shared.inputs import DayOfOld
from shared.validation import Body


class NewMembership(Body):
    organisation_id: UUID
    kind: MembershipKind
    started_on: DayOfOld | None = None


class Ending(Body):
    ended_on: DayOfOld | None = None


class MembershipAnswer(ThingAnswer):
    organisation_id: UUID
    kind: MembershipKind
    started_on: date
    ended_on: date | None
