"""Gatherings as they are sent and answered. Everything answered here is public, unless the gathering is internal."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AnyHttpUrl, BeforeValidator, Field, PlainSerializer, model_validator

from services.booking.gatherings.rules import Admission, GatheringState
from services.booking.schemas import People
from shared.errors import Wrong
from shared.events.gatherings import GatheringKind
from shared.events.kinds import Form, Sector
from shared.events.signups import CountedBy
from shared.events.words import Unit
from shared.inputs import LATEST, Line, Moment, Paragraphs, Place, Word, composed
from shared.validation import Answer, Body

WebAddress = Annotated[AnyHttpUrl, Field(max_length=500), PlainSerializer(str)]
Heads = Annotated[int, Field(strict=True, ge=0, le=100_000)]
Department = Annotated[Unit, BeforeValidator(composed)]


class OrganiserDetails(Body):
    organisation_id: UUID | None = None
    name: Line
    sector: Sector


class Stop(Body):
    """Where a bus takes people up, and when."""

    place: Line
    at: Moment


class CriterionDetails(Body):
    """Asked of whoever signs up. `text` is read by them; `key` is what we keep of the answer."""

    key: Word
    text: Line
    required: bool = False
    places: People | None = None


Organisers = Annotated[list[OrganiserDetails], Field(min_length=1, max_length=50)]
Stops = Annotated[list[Stop], Field(max_length=50)]
Criteria = Annotated[list[CriterionDetails], Field(max_length=10)]


class NewGathering(Body):
    kind: GatheringKind
    title: Line
    description: Paragraphs | None = None
    topic: Word | None = None
    series: Word | None = None
    organisers: Organisers
    audience_unit: Department | None = None
    locality: Place | None = None
    place: Line | None = None
    stops: Stops = Field(default_factory=list)
    form: Form
    starts_at: Moment
    ends_at: Moment
    admission: Admission = Admission.SIGNUP
    capacity: People | None = None
    waiting_list: bool = True
    criteria: Criteria = Field(default_factory=list)
    evaluation_url: WebAddress | None = None
    internal: bool = False


class GatheringChange(NewGathering):
    """Only the fields that are sent change; null empties a field that may be empty."""

    # The defaults are never used: what was not sent is not read.
    kind: GatheringKind = GatheringKind.OTHER
    title: Line = ""
    organisers: Organisers = Field(default_factory=list)
    form: Form = Form.PHYSICAL
    starts_at: Moment = LATEST
    ends_at: Moment = LATEST


class Held(Body):
    """How many came; may be left out where attendance was recorded before."""

    participants: Heads | None = None


class Attendance(Body):
    """Who came, off the list of those who signed up, with `others` who had not; or a mere count of heads."""

    participants: Heads | None = None
    present: Annotated[list[UUID], Field(max_length=100_000)] | None = None
    others: Heads = 0

    @model_validator(mode="after")
    def _one_way(self) -> "Attendance":
        if (self.participants is None) == (self.present is None) or (self.present is None and self.others):
            raise Wrong(
                "enten et antal (participants) eller en liste (present, others)",
                "either a count (participants) or a list (present, others)",
            )
        return self


class OrganiserAnswer(Answer):
    organisation_id: UUID | None
    name: str
    sector: Sector


class StopAnswer(Answer):
    place: str
    at: datetime


class CriterionAnswer(Answer):
    key: str
    text: str
    required: bool
    places: int | None


class GatheringAnswer(Answer):
    id: UUID
    version: int
    state: GatheringState
    kind: GatheringKind
    title: str
    description: str | None
    topic: str | None
    series: str | None
    organisers: list[OrganiserAnswer]
    audience_unit: str | None
    locality: str | None
    place: str | None
    stops: list[StopAnswer]
    form: Form
    starts_at: datetime
    ends_at: datetime
    admission: Admission
    capacity: int | None
    waiting_list: bool
    criteria: list[CriterionAnswer]
    evaluation_url: str | None
    internal: bool
    attended: int | None
    counted_by: CountedBy | None
    participants: int | None
