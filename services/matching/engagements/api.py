"""The engagements' door. Which company helps whom is between them and the centre, so all of it is for staff."""

from uuid import UUID

from fastapi import Response

from services.matching.engagements import repository, usecases
from services.matching.engagements.rules import EngagementState
from services.matching.engagements.schemas import EngagementAnswer, Holding, NewEngagement
from shared.answers import IfMatch, answer, created
from shared.auth import Staff
from shared.door import Session, router
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

routes = router("matching")


@routes.post("/engagements", status_code=201)
async def agree_engagement(
    tenant: TenantPath, session: Session, caller: Staff, body: NewEngagement, response: Response
) -> EngagementAnswer:
    return created(EngagementAnswer, await usecases.agree(session, tenant, body), response, "matching", "engagements")


@routes.get("/engagements")
async def list_engagements(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    paging: Paging,
    company_id: UUID | None = None,
    state: EngagementState | None = None,
) -> Page[EngagementAnswer]:
    found, following = await repository.page(session, tenant, paging, company_id=company_id, state=state)
    return Page(items=[EngagementAnswer.model_validate(each) for each in found], next_cursor=following)


@routes.get("/engagements/{id}")
async def get_engagement(
    tenant: TenantPath, session: Session, caller: Staff, id: UUID, response: Response
) -> EngagementAnswer:
    return answer(EngagementAnswer, await repository.get(session, tenant, id), response)


@routes.post("/engagements/{id}/hold")
async def hold_engagement(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    id: UUID,
    body: Holding,
    expected: IfMatch,
    response: Response,
) -> EngagementAnswer:
    """The company has helped, on a day up to today. Once: what happens again is agreed again."""
    held = await usecases.hold(session, tenant, id, body.held_on, body.hours, expected)
    return answer(EngagementAnswer, held, response)
