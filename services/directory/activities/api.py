"""The activities' door. Everybody reads what is published; drafts are their organisation's and the centre's. How they
are found is in `search`."""

from uuid import UUID

from fastapi import Request, Response

from services.directory.activities import usecases
from services.directory.activities.rules import missing
from services.directory.activities.schemas import (
    ActivityAnswer,
    ActivityChange,
    Completeness,
    NewActivity,
    Publishing,
    Withdrawing,
)
from services.directory.doors import Editing, Reading
from shared.answers import IfMatch, answer, created, standing
from shared.door import Session, router
from shared.errors import language_of
from shared.tenancy import TenantPath

routes = router("directory")


@routes.post("/activities", status_code=201)
async def draft_activity(
    tenant: TenantPath, session: Session, caller: Editing, body: NewActivity, response: Response
) -> ActivityAnswer:
    return created(
        ActivityAnswer, await usecases.draft(session, tenant, body, caller), response, "directory", "activities"
    )


@routes.get("/activities/{activity_id}")
async def get_activity(
    tenant: TenantPath, session: Session, caller: Reading, activity_id: UUID, response: Response
) -> ActivityAnswer:
    """An entry that was merged answers with the one it went into, whose address is the `Content-Location`."""
    activity = await usecases.read(session, tenant, activity_id, caller)
    return standing(ActivityAnswer, activity, activity_id, response, "directory", "activities")


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
