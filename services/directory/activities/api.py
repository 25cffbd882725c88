"""The activities' door. Everybody reads what is published; drafts are their organisation's and the centre's."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from services.directory.activities import usecases
from services.directory.activities.paging import RankedPaging
from services.directory.activities.rules import missing, search_for
from services.directory.activities.schemas import (
    ActivityAnswer,
    ActivityChange,
    Completeness,
    NewActivity,
    Publishing,
    Withdrawing,
)
from services.directory.activities.search import Filters
from services.directory.doors import Editing, Reading
from services.directory.rules import State
from shared.answers import IfMatch, answer, created
from shared.door import Session, router
from shared.errors import language_of
from shared.events.words import written_as_slug
from shared.inputs import composed
from shared.paging import Page
from shared.tenancy import TenantPath

routes = router("directory")

Filter = Annotated[str | None, Query(max_length=60)]


@routes.post("/activities", status_code=201)
async def draft_activity(
    tenant: TenantPath, session: Session, caller: Editing, body: NewActivity, response: Response
) -> ActivityAnswer:
    return created(
        ActivityAnswer, await usecases.draft(session, tenant, body, caller), response, "directory", "activities"
    )


@routes.get("/activities")
async def find_activities(
    tenant: TenantPath,
    session: Session,
    caller: Reading,
    paging: RankedPaging,
    q: Annotated[str | None, Query(max_length=200, description="Words, the last one perhaps unfinished.")] = None,
    theme: Filter = None,
    target_group: Filter = None,
    language: Filter = None,
    locality: Filter = None,
    organisation_id: UUID | None = None,
    state: Annotated[State, Query(description="Not published: for staff, or of one's own.")] = State.PUBLISHED,
) -> Page[ActivityAnswer]:
    filters = Filters(
        state=state,
        theme=written_as_slug(composed(theme)),
        target_group=written_as_slug(composed(target_group)),
        language=language,
        locality=composed(locality),
        organisation_id=organisation_id,
        search=search_for(composed(q)),
    )
    found, following = await usecases.find(session, tenant, filters, paging, caller)
    return Page(items=[ActivityAnswer.model_validate(each) for each in found], next_cursor=following)


@routes.get("/activities/{activity_id}")
async def get_activity(
    tenant: TenantPath, session: Session, caller: Reading, activity_id: UUID, response: Response
) -> ActivityAnswer:
    return answer(ActivityAnswer, await usecases.read(session, tenant, activity_id, caller), response)


@routes.get("/activities/{activity_id}/hints")
async def get_hints(
    tenant: TenantPath, session: Session, caller: Editing, activity_id: UUID, request: Request
) -> Completeness:
    """What a citizen would ask and the description does not say yet. None of it is required."""
    activity = await usecases.read(session, tenant, activity_id, caller)
    return Completeness.of(missing(activity.model_dump()), language_of(request.headers.get("accept-language")))


@routes.patch("/activities/{activity_id}")
async def change_activity(
    tenant: TenantPath,
    session: Session,
    caller: Editing,
    activity_id: UUID,
    body: ActivityChange,
    expected: IfMatch,
    response: Response,
) -> ActivityAnswer:
    return answer(ActivityAnswer, await usecases.change(session, tenant, activity_id, body, caller, expected), response)


@routes.post("/activities/{activity_id}/publish")
async def publish_activity(
    tenant: TenantPath,
    session: Session,
    caller: Editing,
    activity_id: UUID,
    expected: IfMatch,
    response: Response,
    body: Publishing | None = None,
) -> ActivityAnswer:
    published_on = body.published_on if body else None
    activity = await usecases.publish(session, tenant, activity_id, published_on, caller, expected)
    return answer(ActivityAnswer, activity, response)


@routes.post("/activities/{activity_id}/withdraw")
async def withdraw_activity(
    tenant: TenantPath,
    session: Session,
    caller: Editing,
    activity_id: UUID,
    expected: IfMatch,
    response: Response,
    body: Withdrawing | None = None,
) -> ActivityAnswer:
    activity = await usecases.withdraw(session, tenant, activity_id, body or Withdrawing(), caller, expected)
    return answer(ActivityAnswer, activity, response)
