"""The activities' table. Its search vector is the database's own: it is generated, and never read back."""

from datetime import date
from uuid import UUID

from sqlalchemy import Column, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.directory.models import Thing
from services.directory.rules import State
from shared.aggregate import listed


def words() -> Column[list[str]]:
    return Column(ARRAY(Text), nullable=False)


class Activity(Thing, table=True):
    __tablename__ = "activities"

    organisation_id: UUID
    title: str
    description: str
    themes: list[str] = Field(sa_column=words())
    target_groups: list[str] = Field(sa_column=words())
    languages: list[str] = Field(sa_column=words())
    locality: str | None = None
    state: State = Field(default=State.DRAFT, sa_column=listed(State))
    published_on: date | None = None
    withdrawn_on: date | None = None
    withdrawal_reason: str | None = None
