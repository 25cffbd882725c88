"""The initiatives' door, for staff."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.directory.initiatives import repository, usecases
from services.directory.initiatives.schemas import Ending, InitiativeAnswer, NewInitiative
from services.directory.organisations import repository as organisations
from shared.answers import IfMatch, answer, created
from shared.auth import Staff
from shared.door import Session, router
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

routes = router("directory")


@routes.post("/initiatives", status_code=201)
async def start_initiative(
    tenant: TenantPath, session: Session, caller: Staff, body: NewInitiative, response: Response
) -> InitiativeAnswer:
    return created(InitiativeAnswer, await usecases.start(session, tenant, body), response, "directory", "initiatives")


@routes.get("/initiatives")
async def list_initiatives(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    paging: Paging,
    organisation_id: Annotated[UUID | None, Query(description="One of the partners.")] = None,
    area: Annotated[str | None, Query(max_length=60)] = None,
    running: Annotated[bool | None, Query(description="Only those not ended; or only those that have.")] = None,
) -> Page[InitiativeAnswer]:
    organisation_id = await organisations.current(session, tenant, organisation_id)
    found, following = await repository.page(session, tenant, organisation_id, area, running, paging)
    return Page(items=[InitiativeAnswer.model_validate(each) for each in found], next_cursor=following)


@routes.get("/initiatives/{initiative_id}")
async def get_initiative(
    tenant: TenantPath, session: Session, caller: Staff, initiative_id: UUID, response: Response
) -> InitiativeAnswer:
    return answer(InitiativeAnswer, await repository.get(session, tenant, initiative_id), response)


@routes.post("/initiatives/{initiative_id}/end")
async def end_initiative(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    initiative_id: UUID,
    expected: IfMatch,
    response: Response,
    body: Ending | None = None,
) -> InitiativeAnswer:
    ended_on = body.ended_on if body else None
    return answer(InitiativeAnswer, await usecases.end(session, tenant, initiative_id, ended_on, expected), response)
