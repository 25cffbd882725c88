"""The HTTP door of calendars: the public one as a page and as a feed, a resource's at an address that is its key."""

from functools import cache
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request, Response
from pydantic import BeforeValidator, Field

from services.booking.calendars import page, repository, usecases
from services.booking.calendars.page import Choices, Chosen
from services.booking.calendars.rules import LOOKING_BACK, months_ahead, period
from services.booking.calendars.schemas import CalendarLinkAnswer
from services.booking.gatherings import repository as gatherings
from services.booking.gatherings.repository import Filters
from shared.auth import Public, Staff
from shared.clock import now, today
from shared.door import Session, router
from shared.errors import Language, language_of
from shared.events.gatherings import GatheringKind
from shared.tenancy import TenantPath

api = router("booking")
CALENDAR = "text/calendar"
# The one picture is the directory's, which counts that the page was seen and not by whom; the icon is an empty one.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
ON_ONE_PAGE = 200


def _or_nothing(sent: str) -> str | None:
    """A form sends what was not chosen as empty."""
    return sent or None


Wanted = Annotated[Annotated[str, Field(max_length=200)] | None, BeforeValidator(_or_nothing)]
OfKind = Annotated[GatheringKind | None, BeforeValidator(_or_nothing)]
A_FEED: dict[str, Any] = {
    "response_class": Response,
    "responses": {200: {"content": {CALENDAR: {"schema": {"type": "string"}}}}},
}


@api.get("/calendar", response_class=Response, responses={200: {"content": {"text/html": {}}}})
async def calendar(
    tenant: TenantPath,
    session: Session,
    caller: Public,
    request: Request,
    q: Wanted = None,
    month: Wanted = None,
    locality: Wanted = None,
    kind: OfKind = None,
    topic: Wanted = None,
    language: Language | None = None,
) -> Response:
    """What is public, for people: by words, month, place, kind and topic. Programs read `gatherings`."""
    first, until = period(month, today())
    filters = Filters(internal_too=False, first=first, until=until, kind=kind, locality=locality, topic=topic, words=q)
    found = await gatherings.in_order_of_time(session, tenant, filters, ON_ONE_PAGE + 1)
    localities, topics = await repository.choices(session, tenant, first)
    html = page.write(
        found[:ON_ONE_PAGE],
        await repository.seats_taken(session, tenant, found),
        Chosen(q, month, locality, kind, topic),
        Choices(months_ahead(today()), localities, topics),
        language or language_of(request.headers.get("accept-language")),
        tenant=tenant,
        more=len(found) > ON_ONE_PAGE,
    )
    return Response(html, media_type="text/html; charset=utf-8", headers={"Content-Security-Policy": POLICY})


@api.get("/calendar.css", include_in_schema=False)
async def style(tenant: TenantPath, caller: Public) -> Response:
    return Response(_style(), media_type="text/css; charset=utf-8")


@api.get("/calendar.ics", **A_FEED)
async def feed(
    tenant: TenantPath,
    session: Session,
    caller: Public,
    request: Request,
    q: Wanted = None,
    locality: Wanted = None,
    kind: OfKind = None,
    topic: Wanted = None,
    series: Wanted = None,
    organiser: UUID | None = None,
) -> Response:
    """The same for a calendar program: all of it, one series, a network's own, or what else one chooses."""
    filters = Filters(
        internal_too=False,
        first=now() - LOOKING_BACK,
        kind=kind,
        locality=locality,
        topic=topic,
        series=series,
        organiser=organiser,
        words=q,
    )
    name = " · ".join(filter(None, ("Kalender", tenant, series, topic, locality)))
    page_url = f"{request.app.state.settings.public_url.rstrip('/')}/booking/{tenant}/calendar"
    return ics(await usecases.public_feed(session, tenant, filters, name, page_url))


@api.post("/resources/{resource_id}/calendar", status_code=201)
async def renew(
    resource_id: UUID, tenant: TenantPath, session: Session, caller: Staff, request: Request
) -> CalendarLinkAnswer:
    """A secret address for the calendar of an adviser, a room. Asked again, it is a new one and the old one is dead."""
    public_url = request.app.state.settings.public_url
    return CalendarLinkAnswer(url=await usecases.renew(session, tenant, resource_id, public_url))


@api.delete("/resources/{resource_id}/calendar", status_code=204)
async def withdraw(resource_id: UUID, tenant: TenantPath, session: Session, caller: Staff) -> None:
    await usecases.withdraw(session, tenant, resource_id)


@api.get("/resources/{resource_id}/{token}/calendar.ics", **A_FEED)
async def resource_feed(
    resource_id: UUID, token: str, tenant: TenantPath, session: Session, caller: Public
) -> Response:
    """When the resource is taken, and by nobody in particular. Logs name this route and never the address."""
    return ics(await usecases.resource_feed(session, tenant, resource_id, token))


def ics(content: bytes) -> Response:
    return Response(content, media_type=f"{CALENDAR}; charset=utf-8", headers={"Cache-Control": "no-store"})


@cache
def _style() -> bytes:
    return (page.HERE / "calendar.css").read_bytes()
