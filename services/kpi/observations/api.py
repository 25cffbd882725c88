"""The HTTP door of observations: staff only, because evidence may point at the centre's own papers."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from services.kpi.observations import repository, usecases
from services.kpi.observations.importing import import_table
from services.kpi.observations.schemas import ImportAnswer, NewObservation, ObservationAnswer, Retraction
from shared.answers import answer
from shared.auth import Staff
from shared.door import Session, expect, router
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

api = router("kpi")

_EXAMPLE = "series;value;observed_on;evidence\nfacebook_followers;1.650;2023-06-30;eksport.xlsx\n"
_CSV = {"schema": {"type": "string"}, "example": _EXAMPLE}
_BODY = {"requestBody": {"required": True, "content": {"text/csv": _CSV}}}


@api.post("/observations", status_code=201)
async def record(
    body: NewObservation, tenant: TenantPath, session: Session, caller: Staff, response: Response
) -> ObservationAnswer:
    """Record a number that no event can tell. Without `observed_on` it was read today."""
    observation = await usecases.record(session, tenant, body, caller)
    return answer(ObservationAnswer, observation, response)


@api.post("/observations/import", openapi_extra=_BODY)
async def import_file(
    tenant: TenantPath, session: Session, caller: Staff, request: Request, dry_run: bool = False
) -> ImportAnswer:
    """Record the numbers of a CSV file (`;` or `,`; Danish numbers), all or none; sent again, it adds nothing.

    With `dry_run` nothing is recorded: the answer has every line as it is understood, and every mistake.
    """
    return await import_table(session, tenant, await request.body(), caller, dry_run=dry_run)


@api.get("/observations")
async def list_observations(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    paging: Paging,
    series: Annotated[str | None, Query(max_length=80)] = None,
) -> Page[ObservationAnswer]:
    found, following = await repository.page(session, tenant, paging, series)
    return Page(items=[ObservationAnswer.model_validate(each) for each in found], next_cursor=following)


@api.get("/observations/{observation_id}")
async def get_observation(
    observation_id: UUID, tenant: TenantPath, session: Session, caller: Staff, response: Response
) -> ObservationAnswer:
    observation = await repository.get(session, tenant, observation_id)
    return answer(ObservationAnswer, observation, response)


@api.post("/observations/{observation_id}/retract")
async def retract(
    observation_id: UUID,
    body: Retraction,
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    request: Request,
    response: Response,
) -> ObservationAnswer:
    """Take a number back that was wrong; it stays visible here, with the reason."""
    observation = await repository.get(session, tenant, observation_id, lock=True)
    expect(request, observation.version)
    await usecases.retract(session, observation, body.reason, caller)
    return answer(ObservationAnswer, observation, response)
