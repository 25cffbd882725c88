"""Every question about agreements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.agreements.models import Agreement, AgreementParty
from shared.errors import NotFound
from shared.events.registers import AgreementKind
from shared.paging import PageRequest, paginate


@dataclass(frozen=True)
class Filters:
    organisation_id: UUID | None = None
    kind: AgreementKind | None = None
    locality: str | None = None
    running: bool | None = None


async def get(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Agreement:
    query = select(Agreement).where(Agreement.tenant == tenant, Agreement.id == id)
    if agreement := (await session.exec(query.with_for_update() if lock else query)).first():
        return agreement
    raise NotFound


async def page(
    session: AsyncSession, tenant: str, filters: Filters, paging: PageRequest
) -> tuple[Sequence[Agreement], str | None]:
    query = select(Agreement).where(Agreement.tenant == tenant)
    if filters.organisation_id:
        party = select(AgreementParty.agreement_id).where(
            AgreementParty.tenant == tenant, AgreementParty.organisation_id == filters.organisation_id
        )
        query = query.where(col(Agreement.id).in_(party))
    if filters.kind:
        query = query.where(Agreement.kind == filters.kind)
    if filters.locality:
        query = query.where(func.lower(Agreement.locality) == filters.locality.lower())
    if filters.running is not None:
        still = col(Agreement.ended_on).is_(None)
        query = query.where(still if filters.running else ~still)
    return await paginate(session, query, Agreement.id, paging)


async def due(session: AsyncSession, today: date) -> Sequence[tuple[str, UUID]]:
    """Tenant and id of those whose term is over, in all centres."""
    query = select(Agreement.tenant, Agreement.id).where(
        col(Agreement.ended_on).is_(None), col(Agreement.runs_until) <= today
    )
    return (await session.exec(query.order_by(col(Agreement.id)).limit(1000))).all()
