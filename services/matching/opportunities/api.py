"""The opportunities' door: everybody reads, an association posts and closes its own, staff anyone's."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.matching.opportunities import repository, usecases
from services.matching.opportunities.schemas import NewOpportunity, OpportunityAnswer
from shared.answers import IfMatch, answer, created
from shared.auth import Public, StaffOrAssociation
from shared.door import Session, router
from shared.events.matching import OpportunityKind
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

routes = router("matching")


@routes.post("/opportunities", status_code=201)
async def post_opportunity(
    tenant: TenantPath, session: Session, caller: StaffOrAssociation, body: NewOpportunity, response: Response
) -> OpportunityAnswer:
    return created(
        OpportunityAnswer, await usecases.post(session, tenant, body, caller), response, "matching", "opportunities"
    )


@routes.get("/opportunities")
async def list_opportunities(
    tenant: TenantPath,
    session: Session,
    caller: Public,
    paging: Paging,
    kind: OpportunityKind | None = None,
    organisation_id: UUID | None = None,
    skill: Annotated[str | None, Query(max_length=60)] = None,
    locality: Annotated[str | None, Query(max_length=60)] = None,
    closed: Annotated[bool, Query(description="Also those that are closed.")] = False,
) -> Page[OpportunityAnswer]:
    filters = repository.Filters(kind, organisation_id, skill, locality, closed)
    found, following = await repository.page(session, tenant, filters, paging)
    return Page(items=[OpportunityAnswer.model_validate(each) for each in found], next_cursor=following)


@routes.get("/opportunities/{id}")
async def get_opportunity(
    tenant: TenantPath, session: Session, caller: Public, id: UUID, response: Response
) -> OpportunityAnswer:
    return answer(OpportunityAnswer, await repository.get(session, tenant, id), response)


@routes.post("/opportunities/{id}/close")
async def close_opportunity(
    tenant: TenantPath,
    session: Session,
    caller: StaffOrAssociation,
    id: UUID,
    expected: IfMatch,
    response: Response,
) -> OpportunityAnswer:
    return answer(OpportunityAnswer, await usecases.close(session, tenant, id, caller, expected), response)
