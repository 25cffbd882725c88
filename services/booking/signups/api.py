"""The HTTP door of seats. Anybody may ask for one; staff, or whoever holds its token, manage it."""

from uuid import UUID

from fastapi import Request, Response

from services.booking.bookings.schemas import ContactAnswer
from services.booking.doors import ManageToken, check_holder, check_token
from services.booking.gatherings import repository as gatherings
from services.booking.gatherings.models import Gathering
from services.booking.offers import repository as offers
from services.booking.signups import repository, usecases
from services.booking.signups.models import Signup
from services.booking.signups.rules import SignupState
from services.booking.signups.schemas import (
    GatheringShown,
    NewSignup,
    SeatsAnswer,
    SignupListed,
    SignupMade,
    SignupShown,
    answer_of,
)
from shared.auth import Principal, Public, Staff
from shared.door import Session, expect, router, tag
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

api = router("booking")


@api.post("/gatherings/{gathering_id}/signups", status_code=201)
async def sign_up(
    gathering_id: UUID,
    body: NewSignup,
    tenant: TenantPath,
    session: Session,
    caller: Public,
    request: Request,
    response: Response,
) -> SignupMade:
    """A seat (`confirmed`), or a place in the queue for one (`waitlisted`) with what else there is in `alternatives`.
    409 where one cannot, or will not, wait."""
    public_url = request.app.state.settings.public_url
    signup, gathering, token = await usecases.sign_up(session, tenant, gathering_id, body, caller, public_url)
    tag(response, signup.version)
    return SignupMade(
        **answer_of(signup).model_dump(),
        manage_token=token,
        position=await usecases.position(session, gathering, signup),
        alternatives=await usecases.alternatives(session, gathering, signup),
    )


@api.get("/gatherings/{gathering_id}/signups")
async def list_signups(
    gathering_id: UUID,
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    paging: Paging,
    state: SignupState | None = None,
) -> Page[SignupListed]:
    gathering = await gatherings.get(session, tenant, gathering_id, internal_too=True)
    found, following = await repository.page(session, gathering, state, paging)
    known = await repository.contacts_of(session, tenant, found)
    standing = await offers.standing(session, tenant, [each.id for each in found])
    return Page(
        items=[
            SignupListed(
                **answer_of(each, standing.get(each.id)).model_dump(),
                ended_by=each.ended_by,
                contact=ContactAnswer.model_validate(known[each.contact_id]) if each.contact_id in known else None,
                attended=each.attended,
            )
            for each in found
        ],
        next_cursor=following,
    )


@api.get("/gatherings/{gathering_id}/seats")
async def count_seats(gathering_id: UUID, tenant: TenantPath, session: Session, caller: Public) -> SeatsAnswer:
    """How many are free now. Whoever asks for one may still find that somebody was quicker."""
    return await usecases.seats(
        session, await gatherings.get(session, tenant, gathering_id, internal_too=caller.is_staff)
    )


@api.get("/signups/{signup_id}")
async def get_signup(
    signup_id: UUID,
    tenant: TenantPath,
    session: Session,
    caller: Public,
    request: Request,
    response: Response,
    token: ManageToken = None,
) -> SignupShown:
    gathering, signup = await _managed(session, tenant, signup_id, caller, request, token)
    return await _shown(session, gathering, signup, caller, response)


@api.post("/signups/{signup_id}/accept")
async def accept(
    signup_id: UUID,
    tenant: TenantPath,
    session: Session,
    caller: Public,
    request: Request,
    response: Response,
    token: ManageToken = None,
) -> SignupShown:
    """Take the seat that is offered. Asking twice takes it once."""
    gathering, signup = await _managed(session, tenant, signup_id, caller, request, token, lock=True)
    await usecases.accept(session, gathering, signup)
    return await _shown(session, gathering, signup, caller, response)


@api.post("/signups/{signup_id}/cancel")
async def cancel(
    signup_id: UUID,
    tenant: TenantPath,
    session: Session,
    caller: Public,
    request: Request,
    response: Response,
    token: ManageToken = None,
) -> SignupShown:
    """Give the seat back, decline the one that is offered, or leave the queue."""
    gathering, signup = await _managed(session, tenant, signup_id, caller, request, token, lock=True)
    expect(request, signup.version)
    await usecases.give_back(session, gathering, signup, caller)
    return await _shown(session, gathering, signup, caller, response)


async def _managed(
    session: Session,
    tenant: str,
    signup_id: UUID,
    caller: Principal,
    request: Request,
    token: str | None,
    *,
    lock: bool = False,
) -> tuple[Gathering, Signup]:
    """What the caller may manage. A wrong token learns as little as one for a sign-up that never was."""
    check_holder(caller, request, token)
    gathering_id = await repository.gathering_of(session, tenant, signup_id)
    gathering = await gatherings.get(session, tenant, gathering_id, internal_too=True, lock=lock)
    signup = await repository.get(session, tenant, signup_id, lock=lock)
    check_token(caller, request, token, signup.token_hash)
    return gathering, signup


async def _shown(
    session: Session, gathering: Gathering, signup: Signup, caller: Principal, response: Response
) -> SignupShown:
    tag(response, signup.version)
    known = await repository.contacts_of(session, signup.tenant, [signup]) if caller.is_staff else {}
    standing = await offers.standing(session, signup.tenant, [signup.id])
    return SignupShown(
        **answer_of(signup, standing.get(signup.id)).model_dump(),
        gathering=GatheringShown.model_validate(gathering),
        position=await usecases.position(session, gathering, signup),
        ended_by=signup.ended_by,
        contact=ContactAnswer.model_validate(known[signup.contact_id]) if signup.contact_id in known else None,
        attended=signup.attended if caller.is_staff else None,
    )
