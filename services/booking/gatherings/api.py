"""The HTTP door of gatherings: everybody reads the calendar, staff write it."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from services.booking.gatherings import repository, usecases
from services.booking.gatherings.rules import GatheringState
from services.booking.gatherings.schemas import Attendance, GatheringAnswer, GatheringChange, Held, NewGathering
from services.booking.schemas import Cancellation, Days
from shared.answers import answer
from shared.auth import Public, Staff
from shared.door import Session, expect, router
from shared.events.gatherings import GatheringKind
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

api = router("booking")


@api.post("/gatherings", status_code=201)
async def schedule(
    body: NewGathering, tenant: TenantPath, session: Session, caller: Staff, response: Response
) -> GatheringAnswer:
    gathering = await usecases.schedule(session, tenant, body)
    return answer(GatheringAnswer, gathering, response)


@api.get("/gatherings")
async def list_gatherings(
    tenant: TenantPath,
    session: Session,
    caller: Public,
    paging: Paging,
    days: Days,
    kind: GatheringKind | None = None,
    state: GatheringState | None = None,
    locality: Annotated[str | None, Query(max_length=60)] = None,
    topic: Annotated[str | None, Query(max_length=60)] = None,
    series: Annotated[str | None, Query(max_length=60)] = None,
    organiser: UUID | None = None,
    q: Annotated[str | None, Query(max_length=200)] = None,
) -> Page[GatheringAnswer]:
    """Gatherings that begin on a Danish day from `from` up to and without `to`; internal ones for staff only."""
    filters = repository.Filters(
        internal_too=caller.is_staff,
        first=days.begin,
        until=days.end,
        kind=kind,
        state=state,
        locality=locality,
        topic=topic,
        series=series,
        organiser=organiser,
        words=q,
    )
    found, following = await repository.page(session, tenant, filters, paging)
    return Page(items=[GatheringAnswer.model_validate(each) for each in found], next_cursor=following)


@api.get("/gatherings/{gathering_id}")
async def get_gathering(
    gathering_id: UUID, tenant: TenantPath, session: Session, caller: Public, response: Response
) -> GatheringAnswer:
    gathering = await repository.get(session, tenant, gathering_id, internal_too=caller.is_staff)
    return answer(GatheringAnswer, gathering, response)


@api.patch("/gatherings/{gathering_id}")
async def change(
    gathering_id: UUID,
    body: GatheringChange,
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    request: Request,
    response: Response,
) -> GatheringAnswer:
    """Before it is held. Whoever has signed up keeps their seat and is told if it was moved."""
    gathering = await repository.get(session, tenant, gathering_id, internal_too=True, lock=True)
    expect(request, gathering.version)
    await usecases.change(session, gathering, body)
    return answer(GatheringAnswer, gathering, response)


@api.post("/gatherings/{gathering_id}/attendance")
async def record_attendance(
    gathering_id: UUID,
    body: Attendance,
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    request: Request,
    response: Response,
) -> GatheringAnswer:
    """Who came, off the list, or how many: nobody has to be on a list to have been there."""
    gathering = await repository.get(session, tenant, gathering_id, internal_too=True, lock=True)
    expect(request, gathering.version)
    await usecases.record_attendance(session, gathering, body)
    return answer(GatheringAnswer, gathering, response)


@api.post("/gatherings/{gathering_id}/hold")
async def hold(
    gathering_id: UUID,
    body: Held,
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    request: Request,
    response: Response,
) -> GatheringAnswer:
    gathering = await repository.get(session, tenant, gathering_id, internal_too=True, lock=True)
    expect(request, gathering.version)
    await usecases.hold(session, gathering, body.participants)
    return answer(GatheringAnswer, gathering, response)


@api.post("/gatherings/{gathering_id}/cancel")
async def cancel(
    gathering_id: UUID,
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    request: Request,
    response: Response,
    body: Cancellation | None = None,
) -> GatheringAnswer:
    gathering = await repository.get(session, tenant, gathering_id, internal_too=True, lock=True)
    expect(request, gathering.version)
    await usecases.cancel(session, gathering, body.reason if body else None)
    return answer(GatheringAnswer, gathering, response)
