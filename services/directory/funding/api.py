"""The doors of funding: a calendar for everybody, when letters are written, and what a letter's link opens."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import Header, Request, Response

from services.directory.contacts.models import ContactRole
from services.directory.funding import calendars, repository, usecases
from services.directory.funding.rules import Policy
from services.directory.funding.schemas import LetterAnswer, PolicyAnswer, PolicyBody, Wanted
from shared.auth import Public, Staff
from shared.clock import today
from shared.door import Session, router
from shared.errors import Unauthenticated
from shared.pages import page_file
from shared.tenancy import TenantPath

routes = router("directory")
PAGE = Path(__file__).resolve().parent / "page"
LetterToken = Annotated[str | None, Header(alias="X-Letter-Token", max_length=200)]
# A calendar keeps what has just been, so that nobody wonders where it went.
SHOWN_FOR = timedelta(days=90)


@routes.get(
    "/funding-deadlines/calendar.ics", response_class=Response, responses={200: {"content": {"text/calendar": {}}}}
)
async def get_calendar(tenant: TenantPath, session: Session, caller: Public) -> Response:
    """Funders' deadlines, for a calendar program to subscribe to."""
    told = await repository.of_calendar(session, tenant, today() - SHOWN_FOR)
    return Response(calendars.calendar(tenant, told), media_type="text/calendar")


@routes.get("/funding-deadlines/policy")
async def get_policy(tenant: TenantPath, session: Session, caller: Staff) -> PolicyAnswer:
    return PolicyAnswer.model_validate(await repository.policy(session, tenant))


@routes.put("/funding-deadlines/policy")
async def put_policy(tenant: TenantPath, session: Session, caller: Staff, body: PolicyBody) -> PolicyAnswer:
    """Holds from the next morning on. Both null: associations are not written to."""
    await repository.put_policy(session, tenant, Policy(**body.model_dump()))
    return PolicyAnswer.model_validate(body)


@routes.get("/funding-letters/{letter_id}")
async def get_letter(
    tenant: TenantPath, session: Session, caller: Public, letter_id: UUID, request: Request, token: LetterToken = None
) -> LetterAnswer:
    """Every deadline that can still be met, for whoever holds the link of a letter. Reading it changes nothing."""
    return await usecases.page(session, await _reader(request, session, tenant, letter_id, token))


@routes.put("/funding-letters/{letter_id}")
async def put_wanted(
    tenant: TenantPath,
    session: Session,
    caller: Public,
    letter_id: UUID,
    body: Wanted,
    request: Request,
    token: LetterToken = None,
) -> LetterAnswer:
    """No more such letters, or letters again. It holds at once."""
    reader = await _reader(request, session, tenant, letter_id, token)
    await usecases.want(session, reader, wanted=body.wanted)
    return await usecases.page(session, reader)


@routes.get("/funding", include_in_schema=False)
async def page(tenant: TenantPath, caller: Public) -> Response:
    """Opening it does nothing: mail scanners open links, too. What stands after `#` never reaches a server's log."""
    return page_file(PAGE / "funding.html")


@routes.get("/funding.css", include_in_schema=False)
async def style(tenant: TenantPath, caller: Public) -> Response:
    return page_file(PAGE / "funding.css")


@routes.get("/funding.js", include_in_schema=False)
async def script(tenant: TenantPath, caller: Public) -> Response:
    return page_file(PAGE / "funding.js")


async def _reader(request: Request, session: Session, tenant: str, letter_id: UUID, token: str | None) -> ContactRole:
    if token is None:
        raise Unauthenticated
    with request.app.state.guesses.trying(request):
        return await usecases.held_by(session, tenant, letter_id, token)
