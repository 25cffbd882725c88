"""The HTTP door of holds: a time kept for a few minutes."""

from typing import Annotated

from fastapi import Header, Request, Response

from services.booking.holds import usecases
from services.booking.holds.schemas import HoldMade, NewHold
from shared.auth import Public
from shared.door import Session, router
from shared.guesses import address_of
from shared.tenancy import TenantPath

api = router("booking")


@api.post("/holds", status_code=201)
async def hold(body: NewHold, tenant: TenantPath, session: Session, caller: Public, request: Request) -> HoldMade:
    """Keep a free time while a form is filled in. It ends by itself; 409 names the next free times, and 429 is for
    whoever keeps five already, or has kept thirty within the hour."""
    # An association's people are one caller, wherever they sit; of everybody else only the address is known.
    holder = str(caller.organisation_id or address_of(request))
    held, token = await usecases.hold(session, tenant, body, caller, holder)
    return HoldMade(
        id=held.id,
        resource_id=held.resource_id,
        starts_at=held.starts_at,
        ends_at=held.ends_at,
        held_until=held.held_until or held.starts_at,
        hold_token=token,
    )


@api.post("/holds/release", status_code=204)
async def release(
    tenant: TenantPath,
    session: Session,
    caller: Public,
    token: Annotated[str, Header(alias="X-Hold-Token", max_length=200)],
) -> Response:
    """Give the time back before it ends by itself. One that is gone is a 404, which changes nothing."""
    await usecases.release(session, tenant, token)
    return Response(status_code=204)
