"""The door of entries that look alike. It is the centre's work to tell, so it is for staff."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from services.directory.duplicates import repository, usecases
from services.directory.duplicates.schemas import (
    DuplicateActivities,
    DuplicatePremises,
    DuplicatesAnswer,
    NotTheSameOnes,
    ToldApart,
)
from services.directory.reviewing.paging import PagingByMoment
from shared.auth import Staff
from shared.door import Session, router
from shared.paging import Page
from shared.tenancy import TenantPath

routes = router("directory")
Limit = Annotated[int, Query(ge=1, le=200)]


@routes.get("/duplicates")
async def list_duplicates(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    limit: Limit = 50,
    organisation_id: Annotated[UUID | None, Query(description="Only those that look like this one.")] = None,
) -> DuplicatesAnswer:
    """Pairs of open organisations that may be the same, surest first: by CVR number, then by names at one place."""
    return await usecases.find(session, tenant, limit, organisation_id)


@routes.get("/duplicates/activities")
async def list_duplicate_activities(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    limit: Limit = 50,
    activity_id: Annotated[UUID | None, Query(description="Only those that look like this one.")] = None,
) -> DuplicateActivities:
    """Pairs of descriptions that may be of one activity, surest first: by their titles, within an organisation, at one
    place, or at one place and time. The first 10,000 are looked for."""
    return await usecases.find_activities(session, tenant, limit, activity_id)


@routes.get("/duplicates/premises")
async def list_duplicate_premises(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    limit: Limit = 50,
    premises_id: Annotated[UUID | None, Query(description="Only those that look like these.")] = None,
) -> DuplicatePremises:
    """Pairs of open premises that may be the same, surest first: by their names, at one place."""
    return await usecases.find_premises(session, tenant, limit, premises_id)


@routes.post("/duplicates/not-the-same", status_code=204)
async def tell_apart(tenant: TenantPath, session: Session, caller: Staff, body: NotTheSameOnes) -> None:
    """They look alike and are not the same: they are not shown again."""
    await usecases.tell_apart(session, tenant, body)


@routes.get("/duplicates/not-the-same")
async def list_told_apart(
    tenant: TenantPath, session: Session, caller: Staff, paging: PagingByMoment
) -> Page[ToldApart]:
    """What was told apart, newest first, by what the entries are called."""
    return await usecases.told_apart(session, tenant, paging)


@routes.delete("/duplicates/not-the-same/{one}/{other}", status_code=204)
async def take_back(tenant: TenantPath, session: Session, caller: Staff, one: UUID, other: UUID) -> None:
    """Shown again, where they still look alike. 404 where somebody has taken it back already."""
    await repository.take_back(session, tenant, one, other)
