"""What other machines ask of the directory: lists and single entries, told as HSDS documents."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, true
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.activities.models import Activity
from services.directory.hsds import documents, nearness, repository
from services.directory.hsds.listing import Listing, each
from services.directory.hsds.repository import Filters
from services.directory.hsds.taxonomies import Json, Taxonomy, taxonomy_id
from services.directory.organisations.models import Organisation
from services.directory.premises.models import Premises
from services.directory.replaced import standing
from shared.errors import NotFound


async def filters(
    session: AsyncSession,
    tenant: str,
    *,
    search: str | None,
    taxonomy_term_id: str | None,
    taxonomy: str | None,
    organisation_id: UUID | None,
    modified_after: datetime | None,
) -> Filters:
    """Whoever asks for a term or a list that is not here is told that nothing has it. An organisation may be asked for
    by its old id."""
    term = (await repository.terms(session, tenant)).get(_id(taxonomy_term_id)) if taxonomy_term_id else None
    among = next((each for each in Taxonomy if str(taxonomy_id(tenant, each)) == taxonomy), None)
    contradiction = term is not None and among is not None and term.taxonomy is not among
    return Filters(
        search=search,
        term=term,
        taxonomy=term.taxonomy if term else among,
        organisation_id=await standing(session, Organisation, tenant, organisation_id) if organisation_id else None,
        modified_after=modified_after,
        nothing=contradiction or bool(taxonomy_term_id and term is None) or bool(taxonomy and among is None),
    )


def services(tenant: str, wanted: Filters, *, full: bool = False, minimal: bool = False) -> Listing:
    query = repository.services(tenant, wanted)
    if minimal:
        few = query.with_only_columns(col(Activity.id), col(Activity.title), col(Activity.modified_at))
        return Listing(few, col(Activity.id), each(lambda row: _minimal(*row)))
    if full:
        return Listing(query, col(Activity.id), each(lambda row: documents.full_service(*row)))
    return Listing(query, col(Activity.id), each(lambda row: documents.listed_service(row[0], row[1])))


async def near(session: AsyncSession, tenant: str, postcode: str | None, metres: float | None) -> ColumnElement[bool]:
    """Without a postcode anywhere: HSDS measures from nothing else."""
    if postcode is None:
        return true()
    if metres is None:
        return nearness.in_postcode(postcode)
    return nearness.within(metres, await nearness.middle_of(session, tenant, postcode))


def service_at_locations(tenant: str, wanted: Filters, where: ColumnElement[bool], *, full: bool = False) -> Listing:
    def tell(row: Any) -> Json:
        activity, owner, premises = row
        place = documents.place_of(activity, premises) or {}
        if full:
            return documents.full_service_at_location(activity, owner, premises, place)
        return documents.listed_service_at_location(activity, owner, place)

    return Listing(repository.services(tenant, wanted, somewhere=True).where(where), col(Activity.id), each(tell))


def organisations(
    tenant: str,
    search: str | None = None,
    modified_after: datetime | None = None,
    *,
    full: bool = False,
    full_service: bool = False,
) -> Listing:
    async def with_services(session: AsyncSession, found: Sequence[Organisation]) -> list[Json]:
        services = await services_by_organisation(session, tenant, [one.id for one in found])
        return [documents.full_organization(one, services.get(one.id, [])) for one in found]

    tell = with_services if full_service else each(documents.full_organization if full else documents.organization)
    return Listing(repository.organisations(tenant, search, modified_after), col(Organisation.id), tell)


def locations(tenant: str, search: str | None = None) -> tuple[Listing, ...]:
    """Premises first, then where organisations and activities say themselves that they are."""
    organisations = repository.organisations(tenant, search).where(repository.ORGANISATION_SOMEWHERE)
    activities = repository.services(tenant, Filters(search=search), own_place=True)
    return (
        Listing(repository.premises(tenant, search), col(Premises.id), each(documents.full_location)),
        Listing(organisations, col(Organisation.id), each(lambda one: documents.own_place(one) or {})),
        Listing(activities, col(Activity.id), each(lambda row: documents.own_place(row[0]) or {})),
    )


async def services_by_organisation(session: AsyncSession, tenant: str, ids: Sequence[UUID]) -> dict[UUID, list[Json]]:
    rows = sorted(await repository.services_of(session, tenant, ids), key=lambda row: (row[1].id, row[0].id))
    return {id: [documents.full_service(*row) for row in among] for id, among in groupby(rows, lambda row: row[1].id)}


async def service(session: AsyncSession, tenant: str, id: UUID) -> Json:
    return documents.full_service(*await _service(session, tenant, id))


async def service_at_location(session: AsyncSession, tenant: str, id: UUID) -> Json:
    activity, owner, premises = await _service(session, tenant, id)
    if place := documents.place_of(activity, premises):
        return documents.full_service_at_location(activity, owner, premises, place)
    raise NotFound


async def organisation(session: AsyncSession, tenant: str, id: UUID, *, full_service: bool) -> Json:
    id = await standing(session, Organisation, tenant, id)
    query = repository.organisations(tenant).where(Organisation.id == id)
    if one := (await session.exec(query)).first():
        rows = await repository.services_of(session, tenant, [id])
        tell = documents.full_service if full_service else lambda activity, *_: documents.service(activity)
        return documents.full_organization(one, [tell(*row) for row in rows])
    raise NotFound


async def location(session: AsyncSession, tenant: str, id: UUID) -> Json:
    for model in (Premises, Organisation, Activity):
        id = await standing(session, model, tenant, id)
    for listing in locations(tenant):
        rows = (await session.exec(listing.query.where(listing.key == id))).all()
        for document in await listing.tell(session, rows):
            return document
    raise NotFound


async def _service(session: AsyncSession, tenant: str, id: UUID) -> repository.Service:
    id = await standing(session, Activity, tenant, id)
    query = repository.services(tenant, Filters()).where(Activity.id == id)
    if row := (await session.exec(query)).first():
        return row
    raise NotFound


def _minimal(id: UUID, title: str, modified_at: datetime) -> Json:
    """HSDS's text asks for id and `modified_date`; its schema of the same answer demands name and status, too."""
    return {
        "id": str(id),
        "name": title,
        "status": "active",
        "last_modified": modified_at.isoformat(),
        "modified_date": modified_at.isoformat(),
    }


def _id(written: str) -> UUID:
    """One that nothing has, if it is none."""
    try:
        return UUID(written)
    except ValueError:
        return UUID(int=0)
