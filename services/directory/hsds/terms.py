"""HSDS's door to the words: taxonomies and their terms, so few that all of them are looked at each time."""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from fastapi.responses import JSONResponse

from services.directory.hsds import repository
from services.directory.hsds.api import Listed, Search, Word, routes
from services.directory.hsds.paging import LISTED, Format, PageRequest, Paging, lines
from services.directory.hsds.taxonomies import Json, Taxonomy, taxonomy_document, taxonomy_id, term_document
from shared.auth import Public
from shared.door import Session
from shared.errors import NotFound
from shared.tenancy import TenantPath


@routes.get("/hsds/taxonomies", responses=LISTED)
async def list_taxonomies(
    tenant: TenantPath, caller: Public, search: Search, paging: Paging, form: Listed = Format.JSON
) -> Response:
    return _answered([taxonomy_document(tenant, each) for each in Taxonomy], search, paging, form)


@routes.get("/hsds/taxonomies/{id}")
async def get_taxonomy(tenant: TenantPath, caller: Public, id: UUID) -> Json:
    for each in Taxonomy:
        if taxonomy_id(tenant, each) == id:
            return taxonomy_document(tenant, each)
    raise NotFound


@routes.get("/hsds/taxonomy_terms", responses=LISTED)
async def list_taxonomy_terms(
    tenant: TenantPath,
    session: Session,
    caller: Public,
    search: Search,
    paging: Paging,
    form: Listed = Format.JSON,
    taxonomy_id: Word = None,
    top_only: Annotated[bool, Query(description="Changes nothing: no term has terms below it.")] = False,
    parent_id: Annotated[str | None, Query(description="No term has a parent.")] = None,
) -> Response:
    found = [term_document(term) for term in (await repository.terms(session, tenant)).values()]
    if taxonomy_id:
        found = [each for each in found if each["taxonomy_id"] == taxonomy_id]
    return _answered([] if parent_id else found, search, paging, form)


@routes.get("/hsds/taxonomy_terms/{id}")
async def get_taxonomy_term(tenant: TenantPath, session: Session, caller: Public, id: UUID) -> Json:
    if term := (await repository.terms(session, tenant)).get(id):
        return term_document(term)
    raise NotFound


def _answered(found: list[Json], search: str | None, paging: PageRequest, form: Format) -> Response:
    if search:
        found = [each for each in found if search.lower() in each["name"].lower()]
    if form is Format.NDJSON:
        return lines(_each(found))
    return JSONResponse(paging.envelope(found[paging.offset :][: paging.per_page], len(found)))


async def _each(found: list[Json]) -> AsyncIterator[Json]:
    for document in found:
        yield document
