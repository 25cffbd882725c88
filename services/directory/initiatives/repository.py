"""Every question about initiatives."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.initiatives.models import Initiative, InitiativePartner
from shared.errors import NotFound
from shared.paging import PageRequest, paginate


async def get(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Initiative:
    query = select(Initiative).where(Initiative.tenant == tenant, Initiative.id == id)
    if initiative := (await session.exec(query.with_for_update() if lock else query)).first():
        return initiative
    raise NotFound


async def page(
    session: AsyncSession,
    tenant: str,
    organisation_id: UUID | None,
    area: str | None,
    running: bool | None,
    paging: PageRequest,
) -> tuple[Sequence[Initiative], str | None]:
    query = select(Initiative).where(Initiative.tenant == tenant)
    if organisation_id:
        partner = select(InitiativePartner.initiative_id).where(
            InitiativePartner.tenant == tenant, InitiativePartner.organisation_id == organisation_id
        )
        query = query.where(col(Initiative.id).in_(partner))
    if area:
        query = query.where(Initiative.area == area)
    if running is not None:
        not_ended = col(Initiative.ended_on).is_(None)
        query = query.where(not_ended if running else ~not_ended)
    return await paginate(session, query, Initiative.id, paging)
