"""The funders' deadlines' door: staff keep them, associations read them."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from services.directory.doors import Editing
from services.directory.funders import repository, usecases
from services.directory.funders.schemas import DeadlineAnswer, DeadlineChange, NewDeadline
from services.directory.organisations import repository as organisations
from shared.answers import IfMatch, answer, created
from shared.auth import Staff
from shared.door import Session, router
from shared.inputs import Day
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

routes = router("directory")


@routes.post("/funding-deadlines", status_code=201)
async def note_deadline(
    tenant: TenantPath, session: Session, caller: Staff, body: NewDeadline, response: Response
) -> DeadlineAnswer:
    deadline = await usecases.note(session, tenant, body)
    return created(DeadlineAnswer, deadline, response, "directory", "funding-deadlines")


@routes.get("/funding-deadlines")
async def list_deadlines(
    tenant: TenantPath,
    session: Session,
    caller: Editing,
    paging: Paging,
    organisation_id: UUID | None = None,
    first: Annotated[Day | None, Query(alias="from")] = None,
    last: Annotated[Day | None, Query(alias="to")] = None,
) -> Page[DeadlineAnswer]:
    organisation_id = await organisations.current(session, tenant, organisation_id)
    found, following = await repository.page(session, tenant, organisation_id, first, last, paging)
    return Page(items=[DeadlineAnswer.model_validate(each) for each in found], next_cursor=following)


@routes.patch("/funding-deadlines/{deadline_id}")
async def change_deadline(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    deadline_id: UUID,
    body: DeadlineChange,
    expected: IfMatch,
    request: Request,
    response: Response,
) -> DeadlineAnswer:
    """One that is moved is told of anew; a letter that was not sent yet does not give the old day."""
    public_url = request.app.state.settings.public_url
    deadline = await usecases.change(session, tenant, deadline_id, body, expected, public_url)
    return answer(DeadlineAnswer, deadline, response)


@routes.delete("/funding-deadlines/{deadline_id}", status_code=204)
async def remove_deadline(
    tenant: TenantPath, session: Session, caller: Staff, deadline_id: UUID, expected: IfMatch, request: Request
) -> Response:
    await usecases.remove(session, tenant, deadline_id, expected, request.app.state.settings.public_url)
    return Response(status_code=204)
