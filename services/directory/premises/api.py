"""The premises' door. Everybody reads; an association shows its own, the centre all of them."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.directory.doors import Editing
from services.directory.inputs import Accessibility, Postcode
from services.directory.organisations import repository as organisations
from services.directory.premises import repository, usecases
from services.directory.premises.schemas import Closing, NewPremises, PremisesAnswer, PremisesChange
from shared.answers import IfMatch, answer, created, standing
from shared.auth import Public
from shared.door import Session, router
from shared.inputs import composed
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

routes = router("directory")


@routes.post("/premises", status_code=201)
async def register_premises(
    tenant: TenantPath, session: Session, caller: Editing, body: NewPremises, response: Response
) -> PremisesAnswer:
    premises = await usecases.register(session, tenant, body, caller)
    return created(PremisesAnswer, premises, response, "directory", "premises")


@routes.get("/premises")
async def list_premises(
    tenant: TenantPath,
    session: Session,
    caller: Public,
    paging: Paging,
    organisation_id: UUID | None = None,
    locality: Annotated[str | None, Query(max_length=60)] = None,
    postcode: Annotated[Postcode | None, Query()] = None,
    accessibility: Annotated[list[Accessibility] | None, Query(description="All of these.", max_length=10)] = None,
    closed: Annotated[bool, Query(description="Also those that are closed.")] = False,
) -> Page[PremisesAnswer]:
    organisation_id = await organisations.current(session, tenant, organisation_id)
    filters = repository.Filters(organisation_id, composed(locality), postcode, accessibility or (), closed)
    found, following = await repository.page(session, tenant, filters, paging)
    return Page(items=[PremisesAnswer.model_validate(each) for each in found], next_cursor=following)


@routes.get("/premises/{premises_id}")
async def get_premises(
    tenant: TenantPath, session: Session, caller: Public, premises_id: UUID, response: Response
) -> PremisesAnswer:
    """An entry that was merged answers with the one it went into, whose address is the `Content-Location`."""
    premises = await repository.get(session, tenant, premises_id)
    return standing(PremisesAnswer, premises, premises_id, response, "directory", "premises")


@routes.patch("/premises/{premises_id}")
async def change_premises(
    tenant: TenantPath,
    session: Session,
    caller: Editing,
    premises_id: UUID,
    body: PremisesChange,
    expected: IfMatch,
    response: Response,
) -> PremisesAnswer:
    return answer(PremisesAnswer, await usecases.change(session, tenant, premises_id, body, caller, expected), response)


@routes.post("/premises/{premises_id}/close")
async def close_premises(
    tenant: TenantPath,
    session: Session,
    caller: Editing,
    premises_id: UUID,
    expected: IfMatch,
    response: Response,
    body: Closing | None = None,
) -> PremisesAnswer:
    closed_on = body.closed_on if body else None
    premises = await usecases.close(session, tenant, premises_id, closed_on, caller, expected)
    return answer(PremisesAnswer, premises, response)
