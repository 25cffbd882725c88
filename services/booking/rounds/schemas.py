"""Rounds and wishes as they are sent and answered. The account is public: no persons, no notes."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, ValidationInfo, field_validator, model_validator

from services.booking.resources.hours import Clock, ClockEnd, ClockHours
from services.booking.resources.schemas import PeriodAnswer
from services.booking.rounds.rules import RoundState, Rule
from services.booking.rounds.seasons import Weeks
from services.booking.schemas import ContactDetails, Features, People
from shared.errors import Wrong
from shared.events.bookings import Channel
from shared.inputs import Day, Line, Reason
from shared.validation import Answer, Body

Priority = Annotated[int, Field(strict=True, ge=1, le=100)]
Weekday = Annotated[int, Field(strict=True, ge=0, le=6)]
Rrule = Annotated[str, Field(min_length=1, max_length=300, examples=["FREQ=MONTHLY;BYDAY=1MO"])]


class NewRound(Body):
    """Days of the Danish calendar, the last ones included; wishes are over before the season begins."""

    name: Line
    resource_ids: Annotated[list[UUID], Field(min_length=1, max_length=50)]
    season_from: Day
    season_until: Day
    wishes_until: Day
    rule: Rule = Rule.TURNS

    @field_validator("season_until")
    @classmethod
    def _not_before(cls, until: date, info: ValidationInfo) -> date:
        if "season_from" in info.data and until < info.data["season_from"]:
            raise Wrong("må ikke ligge før den første dag", "must not lie before the first day")
        return until

    @field_validator("wishes_until")
    @classmethod
    def _before_the_season(cls, until: date, info: ValidationInfo) -> date:
        if "season_from" in info.data and until >= info.data["season_from"]:
            raise Wrong("skal ligge før sæsonen", "must lie before the season")
        return until


class WishChange(ClockHours):
    """A weekday (`every`, `even` or `odd` weeks), or an RRULE with the day it begins on; at one of these resources, the
    dearest first, or at any of the round's with so many `seats` and these `features`."""

    resource_ids: Annotated[list[UUID], Field(max_length=50)] = Field(default_factory=list)
    seats: People | None = None
    features: Features = Field(default_factory=list)
    weekday: Weekday | None = None
    weeks: Weeks = Weeks.EVERY
    rule: Rrule | None = None
    first_day: Day | None = None
    priority: Priority = 1
    participants: People | None = None
    note: Reason | None = None

    @model_validator(mode="after")
    def _one_or_the_other(self) -> "WishChange":
        if (self.weekday is None) == (self.rule is None) or (self.rule is None) != (self.first_day is None):
            raise Wrong(
                "skal have enten 'weekday' eller 'rule' med 'first_day'",
                "must have either 'weekday' or 'rule' with 'first_day'",
            )
        return self


class NewWish(WishChange):
    """`organisation_id` is for staff, who wish on behalf of somebody; the contact is told by mail what came of it."""

    organisation_id: UUID | None = None
    contact: ContactDetails | None = None


class InWords(Answer):
    da: str
    en: str


class RoundAnswer(Answer):
    """`rule_in_words` says how it is decided, `seed` how the draw falls."""

    id: UUID
    version: int
    name: str
    resource_ids: list[UUID]
    season_from: date
    season_until: date
    wishes_until: date
    state: RoundState
    rule: Rule
    rule_in_words: InWords
    seed: str
    decided_at: datetime | None


class WishAnswer(Answer):
    """As others see it: when and where, and not why."""

    model_config = ConfigDict(from_attributes=True, frozen=True, populate_by_name=True)

    id: UUID
    organisation_id: UUID
    priority: int
    resource_ids: list[UUID]
    seats: int | None
    features: list[str]
    weekday: int | None
    weeks: Weeks
    rule: str | None
    first_day: date | None
    opens: Annotated[Clock, Field(alias="from")]
    closes: Annotated[ClockEnd, Field(alias="to")]


class OwnWish(WishAnswer):
    """As the association and staff see it."""

    version: int
    round_id: UUID
    channel: Channel
    participants: int | None
    note: str | None
    series_ids: list[UUID]


class CollisionAnswer(Answer):
    """Two wishes that could want the same place at the same time; `times` is how often, `first` when the first is."""

    wishes: list[WishAnswer]
    times: int
    first: PeriodAnswer
    resource_ids: list[UUID]


class OutcomeAnswer(PeriodAnswer):
    """Given at `resource_id`, or not, with the `reason`: `taken-in-round` (somebody else's turn), `slot-taken` (booked
    before), `not-open`, `over`, `no-such-time`, `nothing-fits`. `turn` counts the round's turns."""

    resource_id: UUID | None
    reason: str | None
    turn: int | None


class WishOutcome(WishAnswer):
    hours_wished: float
    hours_given: float
    times: list[OutcomeAnswer]


class Share(Answer):
    """What one association wished for and got."""

    organisation_id: UUID
    hours_wished: float
    hours_given: float
    wishes: list[WishOutcome]


class Account(Answer):
    """Why everybody got what they got. A preview, if the round has not been decided."""

    round: RoundAnswer
    hours_wished: float
    hours_given: float
    associations: list[Share]
