"""Resources as they are sent and answered. Everything answered here is public, but for who the adviser is."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from services.booking.resources.calendar import USUAL, DayOff
from services.booking.resources.hours import (
    BufferMinutes,
    Closures,
    Exceptions,
    Seasons,
    SlotMinutes,
    Week,
)
from services.booking.resources.models import Resource
from services.booking.resources.rules import OpenTo, ResourceState
from services.booking.schemas import Features, People
from shared.events.bookings import ResourceKind
from shared.inputs import Line, Place, Words
from shared.validation import Answer, Body

NoticeMinutes = Annotated[int, Field(strict=True, ge=0, le=90 * 1440)]
HorizonDays = Annotated[int, Field(strict=True, ge=1, le=730)]
HoldMinutes = Annotated[int, Field(strict=True, ge=1, le=30)]
OfferMinutes = Annotated[int, Field(strict=True, ge=10, le=7 * 1440)]
Quota = Annotated[int, Field(strict=True, ge=1, le=1000)]
DaysOff = Annotated[list[DayOff], Field(max_length=len(DayOff))]


class NewResource(Body):
    """What a small centre does not say is what it can live with: open to everyone, at once, confirmed at once, closed
    on public holidays and on 24 and 31 December."""

    kind: ResourceKind
    name: Line
    parent_id: UUID | None = None
    locality: Place | None = None
    capacity: People | None = None
    features: Features = Field(default_factory=list)
    equipment: Words = Field(default_factory=list)
    adviser: Line | None = None

    slot_minutes: SlotMinutes = 30
    buffer_minutes: BufferMinutes = 0
    buffer_before_minutes: BufferMinutes = 0
    opening_hours: Week
    seasons: Seasons = Field(default_factory=list)
    exceptions: Exceptions = Field(default_factory=list)
    closures: Closures = Field(default_factory=list)
    closed_on: DaysOff = Field(default_factory=lambda: list(USUAL))

    notice_minutes: NoticeMinutes = 0
    change_notice_minutes: NoticeMinutes = 0
    horizon_days: HorizonDays = 730
    hold_minutes: HoldMinutes = 10
    offer_minutes: OfferMinutes = 1440
    approval: bool = False
    open_to: OpenTo = OpenTo.EVERYONE
    monthly_quota: Quota | None = None


class NewWhole(Body):
    """What it is to be a part of; null: of nothing."""

    parent_id: UUID | None


class ResourceChange(Body):
    """Only the fields that are sent change. What is booked stays booked, whatever the new opening hours are."""

    # The defaults are never used: what was not sent is not read.
    name: Line = ""
    locality: Place | None = None
    capacity: People | None = None
    features: Features = Field(default_factory=list)
    equipment: Words = Field(default_factory=list)
    adviser: Line | None = None

    slot_minutes: SlotMinutes = 30
    buffer_minutes: BufferMinutes = 0
    buffer_before_minutes: BufferMinutes = 0
    opening_hours: Week = Field(default_factory=list)
    seasons: Seasons = Field(default_factory=list)
    exceptions: Exceptions = Field(default_factory=list)
    closures: Closures = Field(default_factory=list)
    closed_on: DaysOff = Field(default_factory=list)

    notice_minutes: NoticeMinutes = 0
    change_notice_minutes: NoticeMinutes = 0
    horizon_days: HorizonDays = 730
    hold_minutes: HoldMinutes = 10
    offer_minutes: OfferMinutes = 1440
    approval: bool = False
    open_to: OpenTo = OpenTo.EVERYONE
    monthly_quota: Quota | None = None


class ClockHoursAnswer(Answer):
    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    opens: Annotated[str, Field(alias="from")]
    closes: Annotated[str, Field(alias="to")]


def _is_none(value: object) -> bool:
    return value is None


class OpeningHoursAnswer(ClockHoursAnswer):
    weekday: int
    locality: Annotated[str | None, Field(exclude_if=_is_none)] = None


class SeasonAnswer(Answer):
    first_day: date
    last_day: date
    opening_hours: list[OpeningHoursAnswer]


class ExceptionAnswer(Answer):
    day: date
    opening_hours: list[ClockHoursAnswer]


class ClosureAnswer(Answer):
    first_day: date
    last_day: date
    reason: str | None


class ResourceAnswer(Answer):
    id: UUID
    version: int
    kind: ResourceKind
    name: str
    parent_id: UUID | None
    locality: str | None
    capacity: int | None
    features: list[str]
    equipment: list[str]
    adviser: str | None
    slot_minutes: int
    buffer_minutes: int
    buffer_before_minutes: int
    opening_hours: list[OpeningHoursAnswer]
    seasons: list[SeasonAnswer]
    exceptions: list[ExceptionAnswer]
    closures: list[ClosureAnswer]
    closed_on: list[DayOff]
    notice_minutes: int
    change_notice_minutes: int
    horizon_days: int
    hold_minutes: int
    offer_minutes: int
    approval: bool
    open_to: OpenTo
    monthly_quota: int | None
    state: ResourceState

    @classmethod
    def of(cls, resource: Resource, *, staff: bool) -> "ResourceAnswer":
        found = cls.model_validate(resource)
        return found if staff else found.model_copy(update={"adviser": None})


class PeriodAnswer(Answer):
    starts_at: datetime
    ends_at: datetime


class SlotAnswer(PeriodAnswer):
    """A free slot; `locality` only where it is elsewhere than the resource usually is."""

    locality: Annotated[str | None, Field(exclude_if=_is_none)]


class SlotsAnswer(Answer):
    items: list[SlotAnswer]
