"""The door of the page where citizens search. What it shows is what `activities` answers; it works without scripts."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import BeforeValidator, Field

from services.directory.activities import usecases as activities
from services.directory.organisations import repository as organisations
from services.directory.pageviews.api import count
from services.directory.pageviews.schemas import NewPageview
from services.directory.search import page, repository, usecases
from services.directory.search.api import USUAL_RADIUS_KM, chosen, visit
from services.directory.search.finding import Question, Turned
from services.directory.search.following import Index
from services.directory.search.schemas import PORTAL
from shared.auth import Public
from shared.door import Session, router
from shared.errors import Invalid, Language, language_of
from shared.inputs import composed
from shared.pages import page_file
from shared.tenancy import TenantPath

routes = router("directory")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
ON_ONE_PAGE = 20


def _or_nothing(sent: str) -> str | None:
    """A form sends what was not chosen as empty."""
    return composed(sent) or None


Wanted = Annotated[Annotated[str, Field(max_length=60)] | None, BeforeValidator(_or_nothing)]


@routes.get("/find", response_class=Response, responses={200: {"content": {"text/html": {}}}})
async def find(
    tenant: TenantPath,
    session: Session,
    caller: Public,
    request: Request,
    q: Annotated[Annotated[str, Field(max_length=200)] | None, BeforeValidator(_or_nothing)] = None,
    theme: Wanted = None,
    target_group: Wanted = None,
    locality: Wanted = None,
    weekday: Wanted = None,
    spoken: Annotated[Wanted, Query(alias="speaks")] = None,
    form: Wanted = None,
    price: Wanted = None,
    access: Wanted = None,
    near: Wanted = None,
    open_now: bool = False,
    language: Language | None = None,
    cursor: Annotated[str | None, Query(max_length=100)] = None,
) -> Response:
    index: Index = request.app.state.index
    await index.current()
    point, unknown_place = None, False
    try:
        point = usecases.near(index, tenant, near) if near else None
    except Invalid:
        unknown_place = True
    filters = {
        "theme": theme, "target_group": target_group, "weekday": weekday, "language": spoken, "form": form,
        "price": price,
    }  # fmt: skip
    question = Question(
        q=q,
        filters=chosen(access=[access] if access else [], locality=locality, **filters),
        near=point,
        radius_km=USUAL_RADIUS_KM if point else None,
        open_now=open_now,
    )
    after = Turned.at(cursor) if cursor else None
    found = usecases.find(index, tenant, question, ON_ONE_PAGE, after)
    state = request.app.state
    usecases.note(state.counting, caller, question, found, visit(request, PORTAL), first=after is None)
    shown = {
        "q": q, "theme": theme, "target_group": target_group, "locality": locality, "weekday": weekday,
        "speaks": spoken, "form": form, "price": price, "access": access, "near": near,
        "open_now": "true" if open_now else None, "language": language, "cursor": cursor,
    }  # fmt: skip
    spoken_to = language or language_of(request.headers.get("accept-language"))
    sent = {name: value for name, value in shown.items() if value}
    shown_here = await repository.in_order(session, tenant, [entry.id for entry in found.entries])
    owners = await organisations.those_of(session, tenant, [each.organisation_id for each in shown_here])
    names = {id: owner.name for id, owner in owners.items()}
    count(request, caller, NewPageview(site=PORTAL, page="/find"), None)
    return _html(page.write_results(found, shown_here, names, sent, spoken_to, unknown_place=unknown_place))


@routes.get("/find/{activity_id}", response_class=Response, responses={200: {"content": {"text/html": {}}}})
async def show(
    tenant: TenantPath,
    session: Session,
    caller: Public,
    request: Request,
    activity_id: UUID,
    language: Language | None = None,
) -> Response:
    """One activity. That it was opened is counted for its association, and of nobody."""
    activity = await activities.read(session, tenant, activity_id, caller)
    organisation = await organisations.find(session, tenant, activity.organisation_id)
    usecases.note_opened(
        request.app.state.counting, caller, activity.organisation_id, activity.id, visit(request, PORTAL)
    )
    # Every activity's page is the same page here: which one somebody read is counted for its association alone.
    count(request, caller, NewPageview(site=PORTAL, page="/find/aktivitet"), None)
    sent = {name: value for name, value in request.query_params.items() if name in page.REPEATED}
    spoken_to = language or language_of(request.headers.get("accept-language"))
    return _html(page.write_entry(activity, organisation.name if organisation else "", sent, spoken_to))


@routes.get("/find.js", include_in_schema=False)
async def script(tenant: TenantPath, caller: Public) -> Response:
    return page_file(page.HERE / "find.js")


@routes.get("/find.css", include_in_schema=False)
async def style(tenant: TenantPath, caller: Public) -> Response:
    return page_file(page.HERE / "find.css")


def _html(written: str) -> Response:
    return Response(written, media_type="text/html; charset=utf-8", headers={"Content-Security-Policy": POLICY})
