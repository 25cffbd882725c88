"""The localities' door: staff keep them, everybody reads them."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.directory.inputs import Postcode
from services.directory.localities import repository, usecases
from services.directory.localities.models import LocalityKind
from services.directory.localities.schemas import Beginning, Begun, LocalityAnswer, LocalityChange, NewLocality
from shared.answers import IfMatch, answer, created
from shared.auth import Public, Staff
from shared.door import Session, router
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

routes = router("directory")


@routes.post("/localities", status_code=201)
async def add_locality(
    tenant: TenantPath, session: Session, caller: Staff, body: NewLocality, response: Response
) -> LocalityAnswer:
    return created(LocalityAnswer, await usecases.add(session, tenant, body), response, "directory", "localities")


@routes.post("/localities/begin")
async def begin_with_a_municipality(tenant: TenantPath, session: Session, caller: Staff, body: Beginning) -> Begun:
    """The towns and districts of one of the plans' municipalities; what is known already stays as it is."""
    return await usecases.begin(session, tenant, body.municipality)


@routes.get("/localities")
async def list_localities(
    tenant: TenantPath,
    session: Session,
    caller: Public,
    paging: Paging,
    kind: LocalityKind | None = None,
    postcode: Annotated[Postcode | None, Query()] = None,
) -> Page[LocalityAnswer]:
    found, following = await repository.page(session, tenant, kind, postcode, paging)
    return Page(items=[LocalityAnswer.model_validate(each) for each in found], next_cursor=following)


@routes.get("/localities/{locality_id}")
async def get_locality(
    tenant: TenantPath, session: Session, caller: Public, locality_id: UUID, response: Response
) -> LocalityAnswer:
    return answer(LocalityAnswer, await repository.get(session, tenant, locality_id), response)


@routes.patch("/localities/{locality_id}")
async def change_locality(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    locality_id: UUID,
    body: LocalityChange,
    expected: IfMatch,
    response: Response,
) -> LocalityAnswer:
    return answer(LocalityAnswer, await usecases.change(session, tenant, locality_id, body, expected), response)


@routes.delete("/localities/{locality_id}", status_code=204)
async def remove_locality(
    tenant: TenantPath, session: Session, caller: Staff, locality_id: UUID, expected: IfMatch
) -> Response:
    await usecases.remove(session, tenant, locality_id, expected)
    return Response(status_code=204)
