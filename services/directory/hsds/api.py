"""HSDS's door: the directory read by other machines. Everything here is public, and licensed for every use."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import pydantic_core
from fastapi import Depends, Query, Request, Response
from pydantic import AfterValidator

from services.directory.hsds import listing, repository, usecases
from services.directory.hsds.listing import Listing
from services.directory.hsds.openapi import document
from services.directory.hsds.paging import LISTED, Format, Paging, lines
from services.directory.hsds.taxonomies import Json
from services.directory.openness import LICENCE
from shared.auth import Public
from shared.door import Session, router
from shared.tenancy import TenantPath

routes = router("directory")
VERSION = "3.0"
PROFILE = "https://docs.openreferral.org/en/v3.0.1/"
Flag = Annotated[bool, Query()]
Word = Annotated[str | None, Query(max_length=200)]
Listed = Annotated[Format, Query(alias="format", description="`ndjson`: all of them, one a line, without pages.")]


def _utc(moment: datetime) -> datetime:
    """HSDS says nothing of zones, so a time without one is taken as UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Since = Annotated[Annotated[datetime, AfterValidator(_utc)] | None, Query()]


async def _said(search: Word = None, text: Word = None) -> str | None:
    return search or text


Search = Annotated[str | None, Depends(_said)]


async def _filters(
    tenant: TenantPath,
    session: Session,
    search: Search,
    taxonomy_term_id: Word = None,
    taxonomy_id: Word = None,
    organization_id: UUID | None = None,
    modified_after: Since = None,
) -> repository.Filters:
    return await usecases.filters(
        session,
        tenant,
        search=search,
        taxonomy_term_id=taxonomy_term_id,
        taxonomy=taxonomy_id,
        organisation_id=organization_id,
        modified_after=modified_after,
    )


Wanted = Annotated[repository.Filters, Depends(_filters, scope="function")]


def _json(document: Json) -> Response:
    return Response(pydantic_core.to_json(document), media_type="application/json")


async def _answered(
    request: Request, tenant: str, session: Session, paging: Paging, form: Format, *listings: Listing
) -> Response:
    if form is Format.NDJSON:
        return lines(listing.one_by_one(request.app.state.database, tenant, *listings))
    return _json(await listing.page(session, paging, *listings))


@routes.get("/hsds")
@routes.get("/hsds/", include_in_schema=False)
async def about(request: Request, tenant: TenantPath, caller: Public) -> Json:
    base = f"{request.app.state.settings.public_url}/directory/{tenant}/hsds"
    return {
        "version": VERSION,
        "profile": PROFILE,
        "openapi_url": f"{base}/openapi.json",
        "license": LICENCE,
    }


@routes.get("/hsds/openapi.json", include_in_schema=False)
async def described(request: Request, tenant: TenantPath, caller: Public) -> Json:
    return document(routes, tenant, request.app.state.settings.public_url)


@routes.get("/hsds/services", responses=LISTED)
async def list_services(
    request: Request,
    tenant: TenantPath,
    session: Session,
    caller: Public,
    wanted: Wanted,
    paging: Paging,
    form: Listed = Format.JSON,
    minimal: Flag = False,
    full: Flag = False,
) -> Response:
    """`minimal` answers all of them on one page, unless a page is asked for."""
    found = usecases.services(tenant, wanted, full=full, minimal=minimal)
    if minimal and form is Format.JSON and not {"page", "per_page"} & request.query_params.keys():
        return _json(await listing.all_at_once(session, found))
    return await _answered(request, tenant, session, paging, form, found)


@routes.get("/hsds/services/{id}")
async def get_service(tenant: TenantPath, session: Session, caller: Public, id: UUID) -> Json:
    return await usecases.service(session, tenant, id)


@routes.get("/hsds/organizations", responses=LISTED)
async def list_organizations(
    request: Request,
    tenant: TenantPath,
    session: Session,
    caller: Public,
    search: Search,
    paging: Paging,
    form: Listed = Format.JSON,
    modified_after: Since = None,
    full: Flag = False,
    full_service: Flag = False,
) -> Response:
    """`full` tells all of an organization, `full_service` also all of its services."""
    found = usecases.organisations(tenant, search, modified_after, full=full, full_service=full_service)
    return await _answered(request, tenant, session, paging, form, found)


@routes.get("/hsds/organizations/{id}")
async def get_organization(
    tenant: TenantPath, session: Session, caller: Public, id: UUID, full_service: Flag = False
) -> Json:
    return await usecases.organisation(session, tenant, id, full_service=full_service)


@routes.get("/hsds/locations", responses=LISTED)
async def list_locations(
    request: Request,
    tenant: TenantPath,
    session: Session,
    caller: Public,
    search: Search,
    paging: Paging,
    form: Listed = Format.JSON,
) -> Response:
    return await _answered(request, tenant, session, paging, form, *usecases.locations(tenant, search))


@routes.get("/hsds/locations/{id}")
async def get_location(tenant: TenantPath, session: Session, caller: Public, id: UUID) -> Json:
    return await usecases.location(session, tenant, id)


@routes.get("/hsds/service_at_locations", responses=LISTED)
async def list_service_at_locations(
    request: Request,
    tenant: TenantPath,
    session: Session,
    caller: Public,
    wanted: Wanted,
    paging: Paging,
    form: Listed = Format.JSON,
    full: Flag = False,
    postcode: Annotated[str | None, Query(pattern=r"^[0-9]{4}$")] = None,
    proximity: Annotated[float | None, Query(gt=0, le=1_000_000, description="Metres around the postcode.")] = None,
) -> Response:
    near = await usecases.near(session, tenant, postcode, proximity)
    found = usecases.service_at_locations(tenant, wanted, near, full=full)
    return await _answered(request, tenant, session, paging, form, found)


@routes.get("/hsds/service_at_locations/{id}")
async def get_service_at_location(tenant: TenantPath, session: Session, caller: Public, id: UUID) -> Json:
    return await usecases.service_at_location(session, tenant, id)
