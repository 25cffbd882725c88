"""The HTTP door of calendars of one's own, each at an address that is its key."""

from pathlib import Path
from uuid import UUID

from fastapi import Request, Response

from services.booking.calendars.api import A_FEED, ics
from services.booking.doors import ManageToken, check_guesses, check_token
from services.booking.feeds import repository, usecases
from services.booking.feeds.models import OwnCalendar
from services.booking.feeds.schemas import NewOwnCalendar, OwnCalendarAnswer
from shared.auth import Public, StaffOrAssociation
from shared.door import Session, router
from shared.errors import Forbidden, NotFound
from shared.pages import page_file
from shared.tenancy import TenantPath

api = router("booking")
SCRIPT = Path(__file__).resolve().with_name("own-calendar.js")
MINE, AN_ORGANISATION_S = "/own-calendars", "/organisations/{organisation_id}/calendar"


@api.post(MINE, status_code=201)
async def collect(
    body: NewOwnCalendar, tenant: TenantPath, session: Session, caller: Public, request: Request
) -> OwnCalendarAnswer:
    """A calendar of what one holds the links to; or more of it, for one there is. A wrong link is a 404."""
    check_guesses(request)
    for thing in body.things:
        token_hash = await repository.token_hash_of(session, tenant, thing.kind, thing.id)
        check_token(None, request, thing.token, token_hash)
    known, token = None, ""
    if body.calendar:
        id, _, token = body.calendar.partition(".")
        known = await _opened(session, tenant, id, token, request)
    calendar, made = await usecases.collect(session, tenant, body.things, known)
    return _answer(request, calendar, made or token)


@api.delete(MINE, status_code=204)
async def remove(
    tenant: TenantPath, session: Session, caller: Public, request: Request, token: ManageToken = None
) -> None:
    """The calendar whose `calendar` is sent as `X-Manage-Token`. What stood in it goes on."""
    check_guesses(request)
    id, _, secret = (token or "").partition(".")
    await session.delete(await _opened(session, tenant, id, secret, request))


@api.get("/own-calendars/{calendar_id}/{token}/calendar.ics", **A_FEED)
async def read(
    calendar_id: UUID, token: str, tenant: TenantPath, session: Session, caller: Public, request: Request
) -> Response:
    """Logs name this route and never the address."""
    check_guesses(request)
    calendar = await _opened(session, tenant, str(calendar_id), token, request)
    return ics(await usecases.read(session, calendar, f"{_root(request, tenant)}/calendar"))


@api.get("/own-calendar.js", include_in_schema=False)
async def script(tenant: TenantPath, caller: Public) -> Response:
    """Of the pages that a link leads to."""
    return page_file(SCRIPT)


@api.post(AN_ORGANISATION_S, status_code=201)
async def renew(
    organisation_id: UUID, tenant: TenantPath, session: Session, caller: StaffOrAssociation, request: Request
) -> OwnCalendarAnswer:
    """A secret address of what an organisation arranges, internal meetings too, and has booked. A new one ends the
    old one."""
    if not caller.may_act_for(organisation_id):
        raise Forbidden
    return _answer(request, *await usecases.renew_organisation_s(session, tenant, organisation_id))


@api.delete(AN_ORGANISATION_S, status_code=204)
async def withdraw(organisation_id: UUID, tenant: TenantPath, session: Session, caller: StaffOrAssociation) -> None:
    if not caller.may_act_for(organisation_id):
        raise Forbidden
    await usecases.withdraw_organisation_s(session, tenant, organisation_id)


async def _opened(session: Session, tenant: str, id: str, token: str, request: Request) -> OwnCalendar:
    try:
        return await usecases.opened(session, tenant, UUID(id), token)
    except (ValueError, NotFound):
        request.app.state.guesses.count(request)
        raise NotFound from None


def _answer(request: Request, calendar: OwnCalendar, token: str) -> OwnCalendarAnswer:
    url = f"{_root(request, calendar.tenant)}/own-calendars/{calendar.id}/{token}/calendar.ics"
    return OwnCalendarAnswer(url=url, calendar=f"{calendar.id}.{token}")


def _root(request: Request, tenant: str) -> str:
    return f"{request.app.state.settings.public_url.rstrip('/')}/booking/{tenant}"
