"""Every question about volunteers. Each names the tenant, although row-level security would hide the others' rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.matching.volunteers.models import Contact, Volunteer
from services.matching.volunteers.rules import VolunteerState
from shared.errors import NotFound
from shared.events.words import written_as_slug
from shared.paging import PageRequest, paginate


@dataclass(frozen=True)
class Filters:
    interest: str | None = None
    locality: str | None = None
    language: str | None = None
    withdrawn: bool = False


async def get(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Volunteer:
    query = select(Volunteer).where(Volunteer.tenant == tenant, Volunteer.id == id)
    if volunteer := (await session.exec(query.with_for_update() if lock else query)).first():
        return volunteer
    raise NotFound


async def page(
    session: AsyncSession, tenant: str, filters: Filters, paging: PageRequest
) -> tuple[Sequence[Volunteer], str | None]:
    query = select(Volunteer).where(Volunteer.tenant == tenant)
    if not filters.withdrawn:
        query = query.where(Volunteer.state == VolunteerState.REGISTERED)
    if filters.interest:
        query = query.where(col(Volunteer.interests).contains([written_as_slug(filters.interest)]))
    if filters.language:
        query = query.where(col(Volunteer.languages).contains([filters.language]))
    if filters.locality:
        query = query.where(func.lower(Volunteer.locality) == filters.locality.lower())
    return await paginate(session, query, Volunteer.id, paging)


async def contacts_of(session: AsyncSession, tenant: str, volunteers: Sequence[Volunteer]) -> dict[UUID, Contact]:
    """By volunteer. Who has withdrawn has none."""
    ids = {volunteer.contact_id: volunteer.id for volunteer in volunteers if volunteer.contact_id}
    query = select(Contact).where(Contact.tenant == tenant, col(Contact.id).in_(ids))
    return {ids[contact.id]: contact for contact in (await session.exec(query)).all()}
