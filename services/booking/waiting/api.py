"""The HTTP door of the line: anybody may wait; whoever holds the link takes an offer or leaves."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response

from services.booking.bookings.schemas import ResourceShown
from services.booking.doors import ManageToken, check_holder, check_token
from services.booking.offers import repository as offers
from services.booking.resources import repository as resources
from services.booking.waiting import repository, usecases
from services.booking.waiting.models import Waiting
from services.booking.waiting.rules import WaitingState
from services.booking.waiting.schemas import (
    NewWaiting,
    OfferTaken,
    WaitingAnswer,
    WaitingMade,
    WaitingShown,
    answer_of,
)
from shared.auth import Public, Staff
from shared.door import Session, router, tag
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

api = router("booking")


@api.post("/waiting", status_code=201)
async def join(
    body: NewWaiting, tenant: TenantPath, session: Session, caller: Public, request: Request, response: Response
) -> WaitingMade:
    """Wait for a time. What becomes free is offered by mail, in the order of the line, for a limited time."""
    waiting, token = await usecases.join(session, tenant, body, caller, request.app.state.settings.public_url)
    tag(response, waiting.version)
    return WaitingMade(**(await _answer(session, waiting)).model_dump(), manage_token=token)


@api.get("/waiting")
async def list_waiting(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    paging: Paging,
    state: WaitingState | None = None,
    resource_id: UUID | None = None,
) -> Page[WaitingAnswer]:
    """The line, in its order."""
    found, following = await repository.page(session, tenant, paging, state=state, resource_id=resource_id)
    standing = await offers.standing(session, tenant, [each.id for each in found])
    return Page(items=[answer_of(each, standing.get(each.id)) for each in found], next_cursor=following)


async def _managed(
    waiting_id: UUID, tenant: TenantPath, session: Session, caller: Public, request: Request, token: ManageToken = None
) -> Waiting:
    """A wrong token learns as little as one for a place that never was."""
    check_holder(caller, request, token)
    waiting = await repository.get(session, tenant, waiting_id)
    check_token(caller, request, token, waiting.token_hash)
    return waiting


Managed = Annotated[Waiting, Depends(_managed)]


@api.get("/waiting/{waiting_id}")
async def get_waiting(waiting: Managed, session: Session, caller: Public, response: Response) -> WaitingShown:
    tag(response, waiting.version)
    return await _shown(session, waiting)


@api.post("/waiting/{waiting_id}/accept")
async def accept(
    waiting: Managed, session: Session, caller: Public, request: Request, response: Response
) -> OfferTaken:
    """Book what is offered; 409 where nothing is offered, or not any more."""
    public_url = request.app.state.settings.public_url
    taken, _, token = await usecases.accept(session, waiting.tenant, waiting.id, public_url)
    tag(response, taken.version)
    return OfferTaken(**(await _shown(session, taken)).model_dump(), manage_token=token)


@api.post("/waiting/{waiting_id}/leave")
async def leave(waiting: Managed, session: Session, caller: Public, response: Response) -> WaitingShown:
    left = await usecases.leave(session, waiting.tenant, waiting.id)
    tag(response, left.version)
    return await _shown(session, left)


async def _shown(session: Session, waiting: Waiting) -> WaitingShown:
    resource = await resources.get(session, waiting.tenant, waiting.resource_id)
    answer = await _answer(session, waiting)
    return WaitingShown(**answer.model_dump(), resource=ResourceShown.model_validate(resource))


async def _answer(session: Session, waiting: Waiting) -> WaitingAnswer:
    return answer_of(waiting, (await offers.standing(session, waiting.tenant, [waiting.id])).get(waiting.id))
