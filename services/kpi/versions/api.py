"""The HTTP door through which plans change, and through which everybody sees what they were."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Path, Query, Request, Response

from services.kpi import repository as adopted
from services.kpi.adoption import Given
from services.kpi.definition.plan import Plan
from services.kpi.models import GoalChange, PlanVersion
from services.kpi.versions import repository, usecases, writing
from services.kpi.versions.schemas import AdoptYear, ChangeAnswer, DifferenceAnswer, VersionAnswer, VersionShown
from shared.auth import Principal, Public, Staff
from shared.door import Session, expect, router, tag
from shared.paging import Page
from shared.tenancy import TenantPath

api = router("kpi")

_TEXT = {"schema": {"type": "string"}, "example": "plan: odense\nyear: 2027\n…"}
_JSON = {"schema": {"type": "object", "required": ["yaml"], "properties": {"yaml": {"type": "string"}}}}
_BODY = {"requestBody": {"required": True, "content": {"text/yaml": _TEXT, "application/json": _JSON}}}
# As many as a database counts.
Version = Annotated[int, Path(ge=1, le=2**31 - 1)]
Reason = Annotated[str | None, Query(min_length=1, max_length=500)]


@api.put("/plans/{plan}", openapi_extra=_BODY, responses={201: {"model": DifferenceAnswer}})
async def put_plan(
    plan: str,
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    request: Request,
    response: Response,
    dry_run: bool = False,
    reason: Reason = None,
) -> DifferenceAnswer:
    """Go by this plan (YAML) from now on; with `dry_run`, only see what would change and what the values would become.

    A goal that is changed (≠) or retired needs a `reason`, here, in the plan or at the goal.
    """
    source = writing.text_of(await request.body(), request.headers.get("content-type", ""))
    definition = await writing.understood(source, plan)
    row = await adopted.plan(session, tenant, plan)
    if row is not None:
        expect(request, row.version)
    if dry_run:
        found = await usecases.foresee(session, request.app.state.past, tenant, definition, reason or definition.reason)
    else:
        given = Given(by=caller.subject, reason=reason, source=source)
        found = await usecases.put(session, tenant, definition, given)
        response.status_code = 200 if row else 201
    if found.version is not None:
        tag(response, found.version)
    return found


@api.post("/plans/{plan}/adopt", status_code=201, responses={200: {"model": DifferenceAnswer}})
async def adopt_for_year(
    plan: str, body: AdoptYear, tenant: TenantPath, session: Session, caller: Staff, response: Response
) -> DifferenceAnswer:
    """Go by the same plan another year, with its dates shifted. The goals' wording stays the source's own."""
    row = await adopted.existing_plan(session, tenant, plan)
    definition = Plan.model_validate(row.definition).for_year(body.year)
    found = await usecases.put(session, tenant, definition, Given(by=caller.subject, reason=body.reason))
    response.status_code = 201 if found.adopted else 200
    if found.version is not None:
        tag(response, found.version)
    return found


@api.get("/plans/{plan}/versions")
async def list_versions(plan: str, tenant: TenantPath, session: Session, caller: Public) -> Page[VersionAnswer]:
    """Everything the plan ever was, the newest first."""
    await adopted.existing_plan(session, tenant, plan)
    changes = await repository.changes(session, tenant, plan)
    rows = await repository.versions(session, tenant, plan)
    items = [VersionAnswer.model_validate(_version(row, changes.get(row.version, ()), caller)) for row in rows]
    return Page(items=items, next_cursor=None)


@api.get("/plans/{plan}/versions/{version}")
async def get_version(
    plan: str, version: Version, tenant: TenantPath, session: Session, caller: Public
) -> VersionShown:
    """The plan as it was written then, what it changed, and what each changed goal had come to by then.

    What a goal that counts people had come to is for the centre's staff.
    """
    row = await repository.version(session, tenant, plan, version)
    changes = (await repository.changes(session, tenant, plan)).get(version, ())
    text = row.source or writing.written(row.definition)
    hidden = set[str]() if caller.is_staff else await usecases.counting_people(session, row)
    shown = [ChangeAnswer.model_validate(_without_number(each) if each.goal in hidden else each) for each in changes]
    return VersionShown.model_validate(_version(row, changes, caller) | {"yaml": text, "changes": shown})


def _without_number(change: GoalChange) -> dict[str, object]:
    return change.model_dump() | {"value": None}


def _version(row: PlanVersion, changes: Sequence[GoalChange], caller: Principal) -> dict[str, object]:
    kinds = [change.kind for change in changes]
    who = {"adopted_by": row.adopted_by if caller.is_staff else None}
    return row.model_dump() | who | {kind: kinds.count(kind) for kind in ("added", "changed", "retired")}
