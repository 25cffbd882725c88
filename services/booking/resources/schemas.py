"""Resources as they are sent and answered. Everything answered here is public."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo, field_validator

from services.booking.resources.models import ResourceState
from services.booking.resources.rules import Opening, minutes, overlapping
from services.booking.schemas import People
from shared.errors import Wrong
from shared.events.booking import ResourceKind
from shared.inputs import Line, Place
from shared.validation import Answer, Body

Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["09:00"])]
ClockEnd = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", examples=["16:00"])]


class OpeningHours(Body):
    """Open on a weekday (0 is Monday) from one time to another on a Danish clock; `24:00` is midnight at its end."""

    weekday: Annotated[int, Field(strict=True, ge=0, le=6)]
    opens: Annotated[Clock, Field(alias="from")]
    closes: Annotated[ClockEnd, Field(alias="to")]

    @field_validator("closes")
    @classmethod
    def _after_opening(cls, closes: str, info: ValidationInfo) -> str:
        if "opens" in info.data and minutes(closes) <= minutes(info.data["opens"]):
            raise Wrong("skal være senere end åbningen", "must be later than the opening")
        return closes

    def opening(self) -> Opening:
        return Opening(self.weekday, minutes(self.opens), minutes(self.closes))


def _apart(hours: list[OpeningHours]) -> list[OpeningHours]:
    if overlapping(each.opening() for each in hours):
        raise Wrong("to åbningstider samme dag overlapper", "two openings of the same day overlap")
    return hours


Week = Annotated[list[OpeningHours], Field(max_length=50), AfterValidator(_apart)]
SlotMinutes = Annotated[int, Field(strict=True, ge=5, le=1440)]
BufferMinutes = Annotated[int, Field(strict=True, ge=0, le=1440)]


class NewResource(Body):
    kind: ResourceKind
    name: Line
    capacity: People | None = None
    slot_minutes: SlotMinutes = 30
    buffer_minutes: BufferMinutes = 0
    opening_hours: Week
    locality: Place | None = None


class ResourceChange(Body):
    """Only the fields that are sent change. What is booked stays booked, whatever the new opening hours are."""

    # The defaults are never used: what was not sent is not read.
    name: Line = ""
    capacity: People | None = None
    slot_minutes: SlotMinutes = 30
    buffer_minutes: BufferMinutes = 0
    opening_hours: Week = Field(default_factory=list)
    locality: Place | None = None


class OpeningHoursAnswer(Answer):
    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    weekday: int
    opens: Annotated[str, Field(alias="from")]
    closes: Annotated[str, Field(alias="to")]


class ResourceAnswer(Answer):
    id: UUID
    version: int
    kind: ResourceKind
    name: str
    locality: str | None
    capacity: int | None
    slot_minutes: int
    buffer_minutes: int
    opening_hours: list[OpeningHoursAnswer]
    state: ResourceState


class SlotAnswer(Answer):
    starts_at: datetime
    ends_at: datetime


class SlotsAnswer(Answer):
    items: list[SlotAnswer]
