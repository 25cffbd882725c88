"""Gatherings as they are sent and answered. Everything answered here is public, unless the gathering is internal."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field

from services.booking.gatherings.rules import GatheringState
from services.booking.schemas import People
from shared.events.booking import Form, GatheringKind
from shared.events.kinds import Sector
from shared.events.words import LooseSlug, Unit
from shared.inputs import Line, Moment, Place, composed
from shared.validation import Answer, Body


class OrganiserDetails(Body):
    organisation_id: UUID | None = None
    name: Line
    sector: Sector


class NewGathering(Body):
    kind: GatheringKind
    title: Line
    topic: Annotated[LooseSlug, BeforeValidator(composed)] | None = None
    organisers: Annotated[list[OrganiserDetails], Field(min_length=1, max_length=50)]
    audience_unit: Annotated[Unit, BeforeValidator(composed)] | None = None
    locality: Place | None = None
    form: Form
    starts_at: Moment
    ends_at: Moment
    capacity: People | None = None
    internal: bool = False


class Held(Body):
    participants: Annotated[int, Field(strict=True, ge=0, le=100_000)]


class OrganiserAnswer(Answer):
    organisation_id: UUID | None
    name: str
    sector: Sector


class GatheringAnswer(Answer):
    id: UUID
    version: int
    state: GatheringState
    kind: GatheringKind
    title: str
    topic: str | None
    organisers: list[OrganiserAnswer]
    audience_unit: str | None
    locality: str | None
    form: Form
    starts_at: datetime
    ends_at: datetime
    capacity: int | None
    internal: bool
    participants: int | None
