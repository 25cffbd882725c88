"""The registers' door. Whom the centre wants to reach is its own business, so reading is for staff too."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.directory.stakeholders import repository, usecases
from services.directory.stakeholders.schemas import NewStakeholder, Removal, StakeholderAnswer
from shared.answers import IfMatch, answer, created
from shared.auth import Staff
from shared.door import Session, router
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

routes = router("directory")


@routes.post("/stakeholders", status_code=201)
async def designate_stakeholder(
    tenant: TenantPath, session: Session, caller: Staff, body: NewStakeholder, response: Response
) -> StakeholderAnswer:
    stakeholder = await usecases.designate(session, tenant, body)
    return created(StakeholderAnswer, stakeholder, response, "directory", "stakeholders")


@routes.get("/stakeholders")
async def list_stakeholders(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    paging: Paging,
    register: Annotated[str | None, Query(max_length=80)] = None,
    removed: Annotated[bool, Query(description="Also those that were removed.")] = False,
) -> Page[StakeholderAnswer]:
    found, following = await repository.page(session, tenant, register, removed, paging)
    return Page(items=[StakeholderAnswer.model_validate(each) for each in found], next_cursor=following)


@routes.get("/stakeholders/{stakeholder_id}")
async def get_stakeholder(
    tenant: TenantPath, session: Session, caller: Staff, stakeholder_id: UUID, response: Response
) -> StakeholderAnswer:
    return answer(StakeholderAnswer, await repository.get(session, tenant, stakeholder_id), response)


@routes.post("/stakeholders/{stakeholder_id}/remove")
async def remove_stakeholder(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    stakeholder_id: UUID,
    expected: IfMatch,
    response: Response,
    body: Removal | None = None,
) -> StakeholderAnswer:
    removed_on = body.removed_on if body else None
    stakeholder = await usecases.remove(session, tenant, stakeholder_id, removed_on, expected)
    return answer(StakeholderAnswer, stakeholder, response)
