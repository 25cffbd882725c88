"""The HTTP door of resources: what can be booked, and when it is free."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from services.booking.resources import moving, repository, usecases
from services.booking.resources.rules import ResourceState
from services.booking.resources.schemas import (
    NewResource,
    NewWhole,
    ResourceAnswer,
    ResourceChange,
    SlotAnswer,
    SlotsAnswer,
)
from services.booking.schemas import Feature
from shared.auth import Public, Staff
from shared.clock import today
from shared.door import Session, expect, router, tag
from shared.errors import Invalid, NotFound
from shared.events.bookings import ResourceKind
from shared.inputs import Day
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

api = router("booking")
MOST_DAYS = 62


@api.post("/resources", status_code=201)
async def open_resource(
    body: NewResource, tenant: TenantPath, session: Session, caller: Staff, response: Response
) -> ResourceAnswer:
    resource = await usecases.open_resource(session, tenant, body)
    tag(response, resource.version)
    return ResourceAnswer.of(resource, staff=caller.is_staff)


@api.get("/resources")
async def list_resources(
    tenant: TenantPath,
    session: Session,
    caller: Public,
    paging: Paging,
    kind: ResourceKind | None = None,
    locality: Annotated[str | None, Query(max_length=60)] = None,
    seats: Annotated[int | None, Query(ge=1, le=100_000)] = None,
    feature: Annotated[list[Feature] | None, Query(max_length=len(Feature))] = None,
    parent_id: UUID | None = None,
    state: ResourceState | None = None,
) -> Page[ResourceAnswer]:
    """What can be booked, with at least so many `seats` and every `feature` named. Staff also see what is closed."""
    found, following = await repository.page(
        session,
        tenant,
        paging,
        kind=kind,
        locality=locality,
        seats=seats,
        features=feature or (),
        parent_id=parent_id,
        state=state if caller.is_staff else ResourceState.OPEN,
    )
    return Page(items=[ResourceAnswer.of(each, staff=caller.is_staff) for each in found], next_cursor=following)


@api.get("/resources/{resource_id}")
async def get_resource(
    resource_id: UUID, tenant: TenantPath, session: Session, caller: Public, response: Response
) -> ResourceAnswer:
    resource = await repository.get(session, tenant, resource_id)
    if resource.state is ResourceState.CLOSED and not caller.is_staff:
        raise NotFound
    tag(response, resource.version)
    return ResourceAnswer.of(resource, staff=caller.is_staff)


@api.patch("/resources/{resource_id}")
async def change_resource(
    resource_id: UUID,
    body: ResourceChange,
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    request: Request,
    response: Response,
) -> ResourceAnswer:
    resource = await repository.get(session, tenant, resource_id, lock="change")
    expect(request, resource.version)
    await usecases.change_resource(session, resource, body)
    tag(response, resource.version)
    return ResourceAnswer.of(resource, staff=caller.is_staff)


@api.post("/resources/{resource_id}/move")
async def move_resource(
    resource_id: UUID,
    body: NewWhole,
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    request: Request,
    response: Response,
) -> ResourceAnswer:
    """Make it a part of another whole, or of none. What is booked goes along; 409 names the times `taken` there."""
    resource = await repository.get(session, tenant, resource_id, lock="change")
    expect(request, resource.version)
    await moving.move(session, resource, body.parent_id)
    tag(response, resource.version)
    return ResourceAnswer.of(resource, staff=caller.is_staff)


@api.post("/resources/{resource_id}/close")
async def close_resource(
    resource_id: UUID, tenant: TenantPath, session: Session, caller: Staff, request: Request, response: Response
) -> ResourceAnswer:
    resource = await repository.get(session, tenant, resource_id, lock="change")
    expect(request, resource.version)
    await usecases.close_resource(session, resource)
    tag(response, resource.version)
    return ResourceAnswer.of(resource, staff=caller.is_staff)


@api.get("/resources/{resource_id}/slots")
async def list_slots(
    resource_id: UUID,
    tenant: TenantPath,
    session: Session,
    caller: Public,
    first: Annotated[Day | None, Query(alias="from")] = None,
    until: Annotated[Day | None, Query(alias="to")] = None,
) -> SlotsAnswer:
    """The free slots that begin on a Danish day from `from` (today) up to and without `to` (a week later)."""
    first = first or today()
    until = until or first + timedelta(days=7)
    if not timedelta() < until - first <= timedelta(days=MOST_DAYS):
        raise Invalid.field(
            "to",
            f"skal være senere end 'from', og højst {MOST_DAYS} dage senere",
            f"must be later than 'from', by {MOST_DAYS} days at most",
        )
    free = await usecases.free_slots(session, tenant, resource_id, first, until, staff=caller.is_staff)
    return SlotsAnswer(
        items=[SlotAnswer(starts_at=begin, ends_at=end, locality=place) for (begin, end), _, _, place in free]
    )
