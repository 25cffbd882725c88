"""The bodies' door, for staff."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.directory.bodies import repository, usecases
from services.directory.bodies.schemas import BodyAnswer, Dissolving, NewBody
from shared.answers import IfMatch, answer, created
from shared.auth import Staff
from shared.door import Session, router
from shared.events.registers import BodyKind
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

routes = router("directory")


@routes.post("/bodies", status_code=201)
async def establish_body(
    tenant: TenantPath, session: Session, caller: Staff, body: NewBody, response: Response
) -> BodyAnswer:
    return created(BodyAnswer, await usecases.establish(session, tenant, body), response, "directory", "bodies")


@routes.get("/bodies")
async def list_bodies(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    paging: Paging,
    kind: BodyKind | None = None,
    dissolved: Annotated[bool, Query(description="Also those that are dissolved.")] = False,
) -> Page[BodyAnswer]:
    found, following = await repository.page(session, tenant, kind, dissolved, paging)
    return Page(items=[BodyAnswer.model_validate(each) for each in found], next_cursor=following)


@routes.get("/bodies/{body_id}")
async def get_body(
    tenant: TenantPath, session: Session, caller: Staff, body_id: UUID, response: Response
) -> BodyAnswer:
    return answer(BodyAnswer, await repository.get(session, tenant, body_id), response)


@routes.post("/bodies/{body_id}/dissolve")
async def dissolve_body(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    body_id: UUID,
    expected: IfMatch,
    response: Response,
    body: Dissolving | None = None,
) -> BodyAnswer:
    """Ends the appointments to it too."""
    dissolved_on = body.dissolved_on if body else None
    return answer(BodyAnswer, await usecases.dissolve(session, tenant, body_id, dissolved_on, expected), response)
