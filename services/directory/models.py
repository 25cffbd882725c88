"""What every table of directory has in common."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, FetchedValue, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from services.directory.rules import Freshness
from shared.aggregate import Aggregate, listed
from shared.clock import today


class Table(SQLModel, registry=registry()):
    """Base of this service's tables. A registry of its own: another service in this process may use the same names."""


class Thing(Aggregate, Table):
    """Base of its aggregates."""


class AssuredBy(StrEnum):
    """Who said last that an entry holds: its owner, the centre's staff, or the partner it came from."""

    OWNER = "owner"
    STAFF = "staff"
    PARTNER = "partner"


def modified() -> Column[datetime]:
    """When a row last changed. The database writes it, by default and by trigger; nobody else does."""
    return Column(
        DateTime(timezone=True), nullable=False, server_default=FetchedValue(), server_onupdate=FetchedValue()
    )


def words() -> Column[list[str]]:
    return Column(ARRAY(Text), nullable=False)


def document() -> Column[Any]:
    return Column(JSONB, nullable=False)


class Entry(Thing):
    """Base of what the directory shows of others: it has a source, is assured from time to time, may be replaced.

    `translations` holds the entry's texts in other languages: `{"en": {"title": "Eat together"}}`.
    """

    # What the database writes comes back with the write, since nothing can be read later without awaiting it.
    __mapper_args__ = {"eager_defaults": True}

    assured_on: date | None = None
    assured_by: AssuredBy | None = Field(default=None, sa_type=listed(AssuredBy).type)
    source: str | None = None
    source_id: str | None = None
    replaced_by: UUID | None = None
    translations: dict[str, dict[str, str]] = Field(default_factory=dict, sa_type=JSONB)
    entered_on: date = Field(default_factory=today)
    freshness: Freshness = Field(default=Freshness.FRESH, sa_type=listed(Freshness).type)
    freshness_since: date = Field(default_factory=today)
