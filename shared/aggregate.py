"""A thing with an identity and a version, how its columns are stored, and how a change of it becomes a fact."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, Enum
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.clock import fact_time
from shared.events.envelope import Event
from shared.ids import uuid7
from shared.messaging.outbox import emit


class Aggregate(SQLModel):
    """What changes as one. Its version counts its changes and is the `sequence` of its events."""

    tenant: str
    id: UUID = Field(default_factory=uuid7, primary_key=True)
    version: int = 1


async def record(session: AsyncSession, thing: Aggregate, event: Event, on: date | None = None) -> None:
    """Emit `event` about `thing` as it now is, true since the day `on` (now, if that is today or not said)."""
    await emit(session, event, tenant=thing.tenant, subject=thing.id, sequence=thing.version, time=fact_time(on))


def moment(*, nullable: bool = False) -> Column[datetime]:
    """A point in time. PostgreSQL keeps it in UTC; a column without zone would keep whatever it was given."""
    return Column(DateTime(timezone=True), nullable=nullable)


def listed(kinds: type[StrEnum], *, nullable: bool = False) -> Column[Any]:
    """A value of a closed list: text in the database, so that a new value needs no migration."""
    return Column(
        Enum(kinds, native_enum=False, create_constraint=False, values_callable=lambda kinds: [k.value for k in kinds]),
        nullable=nullable,
    )
