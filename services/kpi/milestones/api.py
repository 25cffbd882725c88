"""The HTTP door of milestones: staff only, because evidence may point at the centre's own papers."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from services.kpi.milestones import repository, usecases
from services.kpi.milestones.schemas import (
    Drop,
    MilestoneAnswer,
    MilestoneChangeAnswer,
    Move,
    NewMilestone,
    Retraction,
)
from shared.answers import answer
from shared.auth import Staff
from shared.door import Session, expect, router
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

api = router("kpi")


@api.post("/milestones", status_code=201)
async def reach(
    body: NewMilestone, tenant: TenantPath, session: Session, caller: Staff, response: Response
) -> MilestoneAnswer:
    """Declare that the step a milestone goal asks for was taken; the day says whether it was in time."""
    milestone = await usecases.reach(session, tenant, body, caller)
    return answer(MilestoneAnswer, milestone, response)


@api.get("/milestones")
async def list_milestones(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    paging: Paging,
    plan: Annotated[str | None, Query(max_length=80)] = None,
) -> Page[MilestoneAnswer]:
    """Every declaration, those that were taken back too."""
    found, following = await repository.page(session, tenant, paging, plan)
    return Page(items=[MilestoneAnswer.model_validate(each) for each in found], next_cursor=following)


@api.post("/milestones/move", status_code=201)
async def move(
    body: Move, tenant: TenantPath, session: Session, caller: Staff, response: Response
) -> MilestoneChangeAnswer:
    """Give a milestone another day, with the reason; the day it had stays visible."""
    return answer(MilestoneChangeAnswer, await usecases.move(session, tenant, body, caller), response)


@api.post("/milestones/drop", status_code=201)
async def drop(
    body: Drop, tenant: TenantPath, session: Session, caller: Staff, response: Response
) -> MilestoneChangeAnswer:
    """Give a milestone up, with the reason: it is shown as dropped, and not as failed."""
    return answer(MilestoneChangeAnswer, await usecases.drop(session, tenant, body, caller), response)


@api.get("/milestones/changes")
async def list_changes(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    paging: Paging,
    plan: Annotated[str | None, Query(max_length=80)] = None,
) -> Page[MilestoneChangeAnswer]:
    """Every move and drop, those that were undone too."""
    found, following = await repository.changes(session, tenant, paging, plan)
    return Page(items=[MilestoneChangeAnswer.model_validate(each) for each in found], next_cursor=following)


@api.post("/milestones/changes/{change_id}/undo")
async def undo(
    change_id: UUID,
    body: Retraction,
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    request: Request,
    response: Response,
) -> MilestoneChangeAnswer:
    """Take the newest move or drop back: the milestone has the day again that it had before."""
    change = await repository.change(session, tenant, change_id)
    expect(request, change.version)
    await usecases.undo(session, change, body.reason, caller)
    return answer(MilestoneChangeAnswer, change, response)


@api.get("/milestones/{milestone_id}")
async def get_milestone(
    milestone_id: UUID, tenant: TenantPath, session: Session, caller: Staff, response: Response
) -> MilestoneAnswer:
    milestone = await repository.get(session, tenant, milestone_id)
    return answer(MilestoneAnswer, milestone, response)


@api.post("/milestones/{milestone_id}/retract")
async def retract(
    milestone_id: UUID,
    body: Retraction,
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    request: Request,
    response: Response,
) -> MilestoneAnswer:
    """Take a declaration back that was wrong; it stays visible here, with the reason."""
    milestone = await repository.get(session, tenant, milestone_id, lock=True)
    expect(request, milestone.version)
    await usecases.retract(session, milestone, body.reason, caller)
    return answer(MilestoneAnswer, milestone, response)
