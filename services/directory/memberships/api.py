"""The memberships' door. Who supports the centre is between the two of them, so reading is for staff."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.directory.memberships import repository, usecases
from services.directory.memberships.schemas import Ending, MembershipAnswer, NewMembership
from services.directory.organisations import repository as organisations
from shared.answers import IfMatch, answer, created
from shared.auth import Staff
from shared.door import Session, router
from shared.events.directory import MembershipKind
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

routes = router("directory")


@routes.post("/memberships", status_code=201)
async def start_membership(
    tenant: TenantPath, session: Session, caller: Staff, body: NewMembership, response: Response
) -> MembershipAnswer:
    return created(MembershipAnswer, await usecases.start(session, tenant, body), response, "directory", "memberships")


@routes.get("/memberships")
async def list_memberships(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    paging: Paging,
    organisation_id: UUID | None = None,
    kind: MembershipKind | None = None,
    open: Annotated[bool | None, Query(description="Only those that have not ended; or only those that have.")] = None,
) -> Page[MembershipAnswer]:
    organisation_id = await organisations.current(session, tenant, organisation_id)
    filters = repository.Filters(organisation_id, kind, open)
    found, following = await repository.page(session, tenant, filters, paging)
    return Page(items=[MembershipAnswer.model_validate(each) for each in found], next_cursor=following)


@routes.get("/memberships/{membership_id}")
async def get_membership(
    tenant: TenantPath, session: Session, caller: Staff, membership_id: UUID, response: Response
) -> MembershipAnswer:
    return answer(MembershipAnswer, await repository.get(session, tenant, membership_id), response)


@routes.post("/memberships/{membership_id}/end")
async def end_membership(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    membership_id: UUID,
    expected: IfMatch,
    response: Response,
    body: Ending | None = None,
) -> MembershipAnswer:
    ended_on = body.ended_on if body else None
    return answer(MembershipAnswer, await usecases.end(session, tenant, membership_id, ended_on, expected), response)
