"""The partners' door: with whom the centre shares its directory, and what it takes from them."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.directory.partners import repository, usecases
from services.directory.partners.schemas import NewPartner, PartnerAnswer, PartnerChange
from shared.answers import IfMatch, answer, created
from shared.auth import Admin, Staff
from shared.door import Session, router
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

routes = router("directory")


@routes.post("/partners", status_code=201)
async def agree_with_partner(
    tenant: TenantPath, session: Session, caller: Admin, body: NewPartner, response: Response
) -> PartnerAnswer:
    return created(PartnerAnswer, await usecases.agree(session, tenant, body), response, "directory", "partners")


@routes.get("/partners")
async def list_partners(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    paging: Paging,
    ended: Annotated[bool, Query(description="Also those that have ended.")] = False,
) -> Page[PartnerAnswer]:
    found, following = await repository.page(session, tenant, ended, paging)
    return Page(items=[PartnerAnswer.model_validate(each) for each in found], next_cursor=following)


@routes.get("/partners/{partner_id}")
async def get_partner(
    tenant: TenantPath, session: Session, caller: Staff, partner_id: UUID, response: Response
) -> PartnerAnswer:
    return answer(PartnerAnswer, await repository.get(session, tenant, partner_id), response)


@routes.patch("/partners/{partner_id}")
async def change_partner(
    tenant: TenantPath,
    session: Session,
    caller: Admin,
    partner_id: UUID,
    body: PartnerChange,
    expected: IfMatch,
    response: Response,
) -> PartnerAnswer:
    return answer(PartnerAnswer, await usecases.change(session, tenant, partner_id, body, expected), response)


@routes.post("/partners/{partner_id}/end")
async def end_partnership(
    tenant: TenantPath, session: Session, caller: Admin, partner_id: UUID, expected: IfMatch, response: Response
) -> PartnerAnswer:
    """What the partner keeps here is no longer shown, and nothing more is taken from it."""
    return answer(PartnerAnswer, await usecases.end(session, tenant, partner_id, expected), response)
