"""The door to what is found: published activities, by words and filters, and words while somebody types."""

from collections.abc import Sequence

import msgspec
from fastapi import Request, Response

from services.directory.activities import usecases as activities
from services.directory.activities.paging import Place
from services.directory.activities.paging import RankedPageRequest as RankedPage
from services.directory.activities.rules import search_for
from services.directory.activities.schemas import ActivityAnswer
from services.directory.activities.search import Filters
from services.directory.doors import EDITOR_LINK, Editors
from services.directory.rules import State
from services.directory.search import usecases
from services.directory.search.entries import Facet
from services.directory.search.finding import Found, Question, Turned
from services.directory.search.following import Index
from services.directory.search.schemas import PORTAL, FindingAnswer, SuggestionsAnswer, Typed, Wanted
from services.directory.search.usecases import Visit
from shared.asked import asked, described
from shared.auth import Principal, Public, Role
from shared.door import Direct, router
from shared.events.words import written_as_slug
from shared.inputs import composed

routes = router("directory", Direct)

# Longer ones are cut: a user agent is anybody's text.
LONGEST_USER_AGENT = 512
USUAL_RADIUS_KM = 10.0
READERS = Editors(*Role)
LINK = {EDITOR_LINK: "Shows drafts, too. What stands behind the # of the mailed address."}


@routes.get("/activities", response_model=FindingAnswer, openapi_extra=described(Wanted, LINK))
async def find_activities(request: Request, caller: Public) -> Response:
    """Best match first; equally good ones in an order that is drawn anew every day, fair to every association."""
    index: Index = request.app.state.index
    tenant, wanted, link = caller.tenant, asked(Wanted, request), request.headers.get(EDITOR_LINK)
    if wanted.state is not State.PUBLISHED or not index.ready or link:
        return await _from_the_database(request, caller, link, wanted)
    after = Turned.at(wanted.cursor) if wanted.cursor else None
    await index.current()
    organisation_id = wanted.organisation_id
    if organisation_id:
        organisation_id = await usecases.owner_now(request.app.state.database, tenant, organisation_id)
    question = Question(
        q=wanted.q,
        filters=chosen(
            theme=written_as_slug(composed(wanted.theme)),
            target_group=written_as_slug(composed(wanted.target_group)),
            language=wanted.language,
            locality=composed(wanted.locality),
            organisation=str(organisation_id) if organisation_id else None,
            weekday=None if wanted.weekday is None else str(wanted.weekday),
            form=wanted.form,
            price=wanted.price,
            access=wanted.access or [],
        ),
        near=usecases.near(index, tenant, wanted.near) if wanted.near else None,
        radius_km=(wanted.radius_km or USUAL_RADIUS_KM) if wanted.near else None,
        open_now=wanted.open_now,
    )
    found = usecases.find(index, tenant, question, wanted.limit, after)
    state = request.app.state
    came = visit(request, wanted.site)
    usecases.note(state.counting, caller, question, found, came, first=after is None)
    return Response(_written(found), media_type="application/json")


def chosen(*, access: Sequence[str], locality: str | None, **values: str | None) -> tuple[Facet, ...]:
    found = [Facet(name, str(value)) for name, value in values.items() if value]
    if locality:
        found.append(Facet("locality", locality.lower()))
    return (*found, *(Facet("access", each) for each in access))


def visit(request: Request, site: str = PORTAL) -> Visit:
    headers = request.headers
    return Visit(
        address=request.client.host if request.client else "",
        user_agent=headers.get("user-agent", "").strip()[:LONGEST_USER_AGENT],
        opted_out=headers.get("dnt") == "1" or headers.get("sec-gpc") == "1",
        site=site,
    )


def _written(found: Found) -> bytes:
    """Each entry's answer was written when it was indexed; only the frame is new."""
    frame = msgspec.json.encode(
        {
            "next_cursor": found.following.cursor() if found.following else None,
            "count": found.count,
            "facets": found.facets,
            "corrected": found.corrected,
            "partly": found.partly,
        }
    )
    items = b",".join([entry.answer for entry in found.entries])
    return b'{"items":[%b],%b' % (items, frame[1:])


async def _from_the_database(request: Request, caller: Principal, link: str | None, wanted: Wanted) -> Response:
    """What is not published is in no index; nor is anything while this process has not yet read it. Who edits by a
    link sees drafts, too."""
    filters = Filters(
        state=wanted.state,
        theme=written_as_slug(composed(wanted.theme)),
        target_group=written_as_slug(composed(wanted.target_group)),
        language=wanted.language,
        locality=composed(wanted.locality),
        organisation_id=wanted.organisation_id,
        search=search_for(composed(wanted.q)),
    )
    paging = RankedPage(wanted.limit, Place.at(wanted.cursor) if wanted.cursor else None)
    async with request.app.state.database.transaction(caller.tenant) as session:
        caller = await READERS(request, session, caller.tenant, link)
        found, following = await activities.find(session, caller.tenant, filters, paging, caller)
        items = [ActivityAnswer.model_validate(each) for each in found]
    answer = FindingAnswer(
        items=items, next_cursor=following, count=len(items), facets={}, corrected=None, partly=False
    )
    return Response(answer.model_dump_json(), media_type="application/json")


@routes.get("/activities/suggestions", response_model=SuggestionsAnswer, openapi_extra=described(Typed))
async def suggest(request: Request, caller: Public) -> Response:
    """While somebody types. Not counted: only what is asked for in the end is."""
    words, titles = usecases.suggest(request.app.state.index, caller.tenant, asked(Typed, request).q)
    return Response(SuggestionsAnswer(words=words, titles=titles).model_dump_json(), media_type="application/json")
