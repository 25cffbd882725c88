"""What staff do with resources, and what anybody may ask: when is there a free time?"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.bookings import repository as bookings
from services.booking.outside import repository as outside
from services.booking.resources import repository
from services.booking.resources.models import Resource
from services.booking.resources.rules import ResourceState, Slot, Span, Taken, Timetable, free, grid
from services.booking.resources.schemas import NewResource, ResourceChange
from services.booking.resources.timetables import timetable
from shared.clock import now, start_of_day
from shared.errors import Conflict, FieldError, NotFound, Text
from shared.events.bookings import ResourceClosed, ResourceOpened
from shared.messaging.outbox import emit

# Stored as JSON, so written as JSON has it; everything else as Python has it.
PLANS = {"opening_hours", "seasons", "exceptions", "closures", "closed_on", "features", "equipment"}


class ResourceIsClosed(Conflict):
    slug = "resource-closed"
    title = Text("Den kan ikke længere bookes", "It can no longer be booked")


async def open_resource(session: AsyncSession, tenant: str, new: NewResource) -> Resource:
    span = await _part_of(session, tenant, new.parent_id) if new.parent_id else None
    resource = Resource(tenant=tenant, **_columns(new, NewResource.model_fields))
    session.add(resource)
    await session.flush()
    resource.span_from, resource.span_to = span or Span.whole(resource.number)
    await session.flush()
    event = ResourceOpened(kind=resource.kind, locality=resource.locality, capacity=resource.capacity)
    await emit(session, event, tenant=tenant, subject=resource.id, sequence=resource.version)
    return resource


async def _part_of(session: AsyncSession, tenant: str, parent_id: UUID) -> Span:
    """The next share of what contains it. A share is never given twice, so a closed part keeps its history."""
    try:
        parent = await repository.get(session, tenant, parent_id, lock="change")
    except NotFound:
        raise NotFound(errors=[FieldError("parent_id", Text("findes ikke", "does not exist"))]) from None
    share = Span(parent.span_from, parent.span_to).part(parent.parts)
    parent.parts += 1
    return share


def _columns(body: NewResource | ResourceChange, fields: Iterable[str]) -> dict[str, Any]:
    """These fields as the table has them; whole, down to what was left out within one of them."""
    asked = set(fields)
    plain = body.model_dump(by_alias=True, include=asked - PLANS)
    return plain | body.model_dump(by_alias=True, include=asked & PLANS, mode="json")


async def change_resource(session: AsyncSession, resource: Resource, change: ResourceChange) -> None:
    """`resource` is locked for a change."""
    if resource.state is ResourceState.CLOSED:
        raise ResourceIsClosed
    changes = _columns(change, change.model_fields_set)
    changed = {field: value for field, value in changes.items() if getattr(resource, field) != value}
    for field, value in changed.items():
        setattr(resource, field, value)
    resource.version += bool(changed)


async def close_resource(session: AsyncSession, resource: Resource) -> None:
    """`resource` is locked for a change. Its bookings stand: whoever closes it decides on each of them."""
    if resource.state is ResourceState.CLOSED:
        raise ResourceIsClosed
    resource.state = ResourceState.CLOSED
    resource.version += 1
    event = ResourceClosed(kind=resource.kind)
    await emit(session, event, tenant=resource.tenant, subject=resource.id, sequence=resource.version)


async def free_slots(
    session: AsyncSession, tenant: str, id: UUID, first: date, until: date, *, staff: bool = False
) -> list[Slot]:
    """The free slots that begin on a Danish day from `first` up to and without `until`, in order."""
    resource = await repository.get(session, tenant, id)
    if resource.state is ResourceState.CLOSED:
        return []
    times = timetable(resource)
    # An outside calendar binds citizens; staff may know better.
    busy = await taken(session, resource, times, first, until, outside_too=not staff)
    return free(times, grid(times, first, until), busy, now(), staff=staff)


async def taken(
    session: AsyncSession,
    resource: Resource,
    times: Timetable,
    first: date,
    until: date,
    *,
    except_for: UUID | None = None,
    outside_too: bool = True,
) -> Taken:
    """What is taken in those days, also by outside calendars unless asked without them. `except_for` is a booking that
    would move out of its own way."""
    # Days more: a slot that begins before midnight ends, with its buffer, at most two days later.
    begin, end = start_of_day(first) - times.before, start_of_day(until + timedelta(days=2))
    blocked = await bookings.blocked(session, resource, begin, end, now(), except_for=except_for)
    busy = await outside.busy(session, resource, begin, end) if outside_too else ()
    return Taken((*blocked, *busy))
