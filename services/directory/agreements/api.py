"""The agreements' door, for staff."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.directory.agreements import repository, usecases
from services.directory.agreements.schemas import AgreementAnswer, Ending, NewAgreement
from services.directory.organisations import repository as organisations
from shared.answers import IfMatch, answer, created
from shared.auth import Staff
from shared.door import Session, router
from shared.events.registers import AgreementKind
from shared.inputs import composed
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

routes = router("directory")


@routes.post("/agreements", status_code=201)
async def conclude_agreement(
    tenant: TenantPath, session: Session, caller: Staff, body: NewAgreement, response: Response
) -> AgreementAnswer:
    """With `runs_until`, the first day without it, it ends by itself."""
    return created(AgreementAnswer, await usecases.conclude(session, tenant, body), response, "directory", "agreements")


@routes.get("/agreements")
async def list_agreements(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    paging: Paging,
    organisation_id: Annotated[UUID | None, Query(description="One of the parties.")] = None,
    kind: AgreementKind | None = None,
    locality: Annotated[str | None, Query(max_length=60)] = None,
    running: Annotated[bool | None, Query(description="Only those not ended; or only those that have.")] = None,
) -> Page[AgreementAnswer]:
    organisation_id = await organisations.current(session, tenant, organisation_id)
    filters = repository.Filters(organisation_id, kind, composed(locality), running)
    found, following = await repository.page(session, tenant, filters, paging)
    return Page(items=[AgreementAnswer.model_validate(each) for each in found], next_cursor=following)


@routes.get("/agreements/{agreement_id}")
async def get_agreement(
    tenant: TenantPath, session: Session, caller: Staff, agreement_id: UUID, response: Response
) -> AgreementAnswer:
    return answer(AgreementAnswer, await repository.get(session, tenant, agreement_id), response)


@routes.post("/agreements/{agreement_id}/end")
async def end_agreement(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    agreement_id: UUID,
    expected: IfMatch,
    response: Response,
    body: Ending | None = None,
) -> AgreementAnswer:
    ended_on = body.ended_on if body else None
    return answer(AgreementAnswer, await usecases.end(session, tenant, agreement_id, ended_on, expected), response)
