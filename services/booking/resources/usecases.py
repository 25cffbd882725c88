"""What staff do with resources, and what anybody may ask: when is there a free time?"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.bookings import repository as bookings
from services.booking.resources import repository
from services.booking.resources.models import Resource, ResourceState
from services.booking.resources.rules import Opening, Period, Taken, Timetable, free, grid, minutes
from services.booking.resources.schemas import NewResource
from shared.clock import now, start_of_day
from shared.errors import Conflict, Text
from shared.events.booking import ResourceClosed, ResourceOpened
from shared.messaging.outbox import emit


class ResourceIsClosed(Conflict):
    slug = "resource-closed"
    title = Text("Den kan ikke længere bookes", "It can no longer be booked")


async def open_resource(session: AsyncSession, tenant: str, new: NewResource) -> Resource:
    resource = Resource(tenant=tenant, **new.model_dump(by_alias=True))
    session.add(resource)
    await session.flush()
    event = ResourceOpened(kind=resource.kind, locality=resource.locality, capacity=resource.capacity)
    await emit(session, event, tenant=tenant, subject=resource.id, sequence=resource.version)
    return resource


async def change_resource(session: AsyncSession, resource: Resource, changes: dict[str, Any]) -> None:
    """`resource` is locked for a change."""
    if resource.state is ResourceState.CLOSED:
        raise ResourceIsClosed
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


def timetable(resource: Resource) -> Timetable:
    return Timetable(
        [Opening(each["weekday"], minutes(each["from"]), minutes(each["to"])) for each in resource.opening_hours],
        timedelta(minutes=resource.slot_minutes),
        timedelta(minutes=resource.buffer_minutes),
    )


async def free_slots(session: AsyncSession, tenant: str, id: UUID, first: date, until: date) -> list[Period]:
    """The free slots that begin on a Danish day from `first` up to and without `until`, in order."""
    resource = await repository.get(session, tenant, id)
    if resource.state is ResourceState.CLOSED:
        return []
    times = timetable(resource)
    return free(times, grid(times, first, until), await taken(session, resource, first, until), now())


async def taken(session: AsyncSession, resource: Resource, first: date, until: date) -> Taken:
    # A day more: a slot that begins before midnight ends, with its buffer, at most two days later.
    blocked = await bookings.blocked(session, resource, start_of_day(first), start_of_day(until + timedelta(days=2)))
    return Taken(Period(starts_at, ends_at) for starts_at, ends_at in blocked)
