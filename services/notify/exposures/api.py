"""The exposures' door. Who has been shown what is the centre's own record, so all of it is for staff."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.notify.exposures import repository, usecases
from services.notify.exposures.schemas import ExposureAnswer, NewExposure
from shared.answers import answer
from shared.auth import Staff
from shared.door import Session, router
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

routes = router("notify")


@routes.post("/exposures", status_code=201)
async def record_exposure(
    tenant: TenantPath, session: Session, caller: Staff, body: NewExposure, response: Response
) -> ExposureAnswer:
    """A member of a register was shown the material. The same once more is a 409 with the `id` of the first."""
    exposure = await usecases.expose(session, tenant, body)
    return answer(ExposureAnswer, exposure, response)


@routes.get("/exposures")
async def list_exposures(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    paging: Paging,
    in_register: Annotated[str | None, Query(alias="register", max_length=80)] = None,
    stakeholder_id: UUID | None = None,
) -> Page[ExposureAnswer]:
    found, following = await repository.page(
        session, tenant, paging, in_register=in_register, stakeholder_id=stakeholder_id
    )
    return Page(items=[ExposureAnswer.model_validate(each) for each in found], next_cursor=following)
