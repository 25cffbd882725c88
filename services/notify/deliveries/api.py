"""The deliveries' door: staff see whether a mail went out, not to whom."""

from uuid import UUID

from services.notify.deliveries import repository
from services.notify.deliveries.rules import State
from services.notify.deliveries.schemas import DeliveryAnswer
from shared.auth import Staff
from shared.door import Session, router
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

routes = router("notify")


@routes.get("/deliveries")
async def list_deliveries(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    paging: Paging,
    state: State | None = None,
    booking_id: UUID | None = None,
    survey_id: UUID | None = None,
) -> Page[DeliveryAnswer]:
    """The newest first."""
    found, following = await repository.page(
        session, tenant, paging, state=state, booking_id=booking_id, survey_id=survey_id
    )
    return Page(items=[DeliveryAnswer.model_validate(each) for each in found], next_cursor=following)
