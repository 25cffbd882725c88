"""Every question about opportunities. Each names the tenant, although row-level security would hide others' rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.matching.opportunities.models import Opportunity
from services.matching.opportunities.rules import OpportunityState
from shared.errors import NotFound
from shared.events.matching import OpportunityKind
from shared.events.words import written_as_slug
from shared.paging import PageRequest, paginate


@dataclass(frozen=True)
class Filters:
    kind: OpportunityKind | None = None
    organisation_id: UUID | None = None
    skill: str | None = None
    locality: str | None = None
    closed: bool = False


async def get(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Opportunity:
    query = select(Opportunity).where(Opportunity.tenant == tenant, Opportunity.id == id)
    if opportunity := (await session.exec(query.with_for_update() if lock else query)).first():
        return opportunity
    raise NotFound


async def page(
    session: AsyncSession, tenant: str, filters: Filters, paging: PageRequest
) -> tuple[Sequence[Opportunity], str | None]:
    """The newest first: whoever looks for something to do looks at what was just posted."""
    query = select(Opportunity).where(Opportunity.tenant == tenant)
    if not filters.closed:
        query = query.where(Opportunity.state == OpportunityState.OPEN)
    if filters.kind:
        query = query.where(Opportunity.kind == filters.kind)
    if filters.organisation_id:
        query = query.where(Opportunity.organisation_id == filters.organisation_id)
    if filters.skill:
        query = query.where(col(Opportunity.skills).contains([written_as_slug(filters.skill)]))
    if filters.locality:
        query = query.where(func.lower(Opportunity.locality) == filters.locality.lower())
    return await paginate(session, query, Opportunity.id, paging, newest_first=True)
