"""A round, and what each association wishes of it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.booking.models import Thing
from services.booking.resources.rules import Days
from services.booking.rounds.rules import RoundState, Rule
from services.booking.rounds.seasons import Weeks
from shared.aggregate import listed, moment
from shared.events.bookings import Channel


def _list() -> Column[Any]:
    return Column(JSONB, nullable=False)


class Round(Thing, table=True):
    __tablename__ = "rounds"

    name: str
    resource_ids: list[str] = Field(sa_column=_list())
    season_from: date
    season_until: date
    wishes_until: date
    rule: Rule = Field(sa_column=listed(Rule))
    # Drawn when the round is opened and shown from then on: nobody draws until they like what they see.
    seed: str
    state: RoundState = Field(RoundState.OPEN, sa_column=listed(RoundState))
    decided_at: datetime | None = Field(None, sa_column=moment(nullable=True))

    @property
    def season(self) -> Days:
        return Days(self.season_from, self.season_until)


class Wish(Thing, table=True):
    __tablename__ = "wishes"

    round_id: UUID
    organisation_id: UUID
    channel: Channel = Field(sa_column=listed(Channel))
    contact_id: UUID | None = None
    resource_ids: list[str] = Field(sa_column=_list())
    seats: int | None = None
    features: list[str] = Field(sa_column=_list())
    weekday: int | None = None
    weeks: Weeks = Field(Weeks.EVERY, sa_column=listed(Weeks))
    rule: str | None = None
    first_day: date | None = None
    opens: str
    closes: str
    priority: int
    participants: int | None = None
    note: str | None = None
    series_ids: list[str] = Field(default_factory=list, sa_column=_list())
    outcome: list[dict[str, Any]] = Field(default_factory=list, sa_column=_list())
