"""Every question about calendars that are kept elsewhere."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.outside.models import OutsideBusy, OutsideCalendar
from services.booking.resources.models import Resource
from services.booking.resources.rules import Period
from shared.database import ask
from shared.errors import NotFound

BUSY = """
    select starts_at, ends_at from outside_busy
    where tenant = %(tenant)s and tree = %(tree)s and span_from < %(span_to)s and span_to > %(span_from)s
    and starts_at < %(end)s and ends_at > %(begin)s
"""

# The same of one time of a resource `r` that somebody would book, with its own buffers.
BUSY_THEN = """
    select from outside_busy o
    where o.tenant = r.tenant and o.tree = (r.span_from >> 30)::int
    and o.span_from < r.span_to and o.span_to > r.span_from
    and o.starts_at < %(end)s + make_interval(mins => r.buffer_minutes)
    and o.ends_at > %(begin)s - make_interval(mins => r.buffer_before_minutes)
"""


async def put(session: AsyncSession, calendar: OutsideCalendar) -> None:
    """In place of another, whose periods go with it."""
    await remove(session, calendar.tenant, calendar.resource_id)
    await (await session.connection()).execute(insert(OutsideCalendar).values(calendar.model_dump()))


async def get(session: AsyncSession, tenant: str, resource_id: UUID, *, lock: bool = False) -> OutsideCalendar:
    query = select(OutsideCalendar).where(OutsideCalendar.tenant == tenant, OutsideCalendar.resource_id == resource_id)
    if found := (await session.exec(query.with_for_update() if lock else query)).first():
        return found
    raise NotFound


async def remove(session: AsyncSession, tenant: str, resource_id: UUID) -> None:
    await session.exec(
        delete(OutsideCalendar).where(
            col(OutsideCalendar.tenant) == tenant, col(OutsideCalendar.resource_id) == resource_id
        )
    )


async def due(session: AsyncSession, now: datetime, limit: int) -> Sequence[OutsideCalendar]:
    query = select(OutsideCalendar).where(OutsideCalendar.due_at <= now).order_by(col(OutsideCalendar.due_at))
    return (await session.exec(query.limit(limit).with_for_update(skip_locked=True))).all()


async def replace(session: AsyncSession, resource: Resource, periods: Sequence[Period]) -> None:
    await session.exec(
        delete(OutsideBusy).where(
            col(OutsideBusy.tenant) == resource.tenant, col(OutsideBusy.resource_id) == resource.id
        )
    )
    for starts_at, ends_at in periods:
        session.add(
            OutsideBusy(
                resource_id=resource.id,
                tenant=resource.tenant,
                span_from=resource.span_from,
                span_to=resource.span_to,
                starts_at=starts_at,
                ends_at=ends_at,
            )
        )
    await session.flush()


async def busy(
    session: AsyncSession, resource: Resource, begin: datetime, end: datetime
) -> Sequence[tuple[datetime, datetime]]:
    """When an outside calendar of the resource, of a part of it or of what it is part of says so."""
    asked: dict[str, Any] = {
        "tenant": resource.tenant,
        "tree": resource.span_from >> 30,
        "span_from": resource.span_from,
        "span_to": resource.span_to,
        "begin": begin,
        "end": end,
    }
    return await ask(session, BUSY, asked)


async def count(session: AsyncSession, tenant: str, resource_id: UUID) -> int:
    query = select(func.count()).where(OutsideBusy.tenant == tenant, OutsideBusy.resource_id == resource_id)
    return (await session.exec(query)).one()
