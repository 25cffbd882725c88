"""Every question about exposures. Each names the tenant, although row-level security would hide the others' rows."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.notify.exposures.models import Exposure
from shared.paging import PageRequest, paginate


async def add(session: AsyncSession, exposure: Exposure) -> UUID | None:
    """None if it was new; else the id of the one that is there, also when somebody else records it at this moment."""
    statement = insert(Exposure).values(exposure.model_dump()).on_conflict_do_nothing().returning(col(Exposure.id))
    if (await (await session.connection()).execute(statement)).first():
        return None
    natural_key = ("in_register", "stakeholder_id", "material", "channel", "exposed_on")
    query = select(Exposure).where(Exposure.tenant == exposure.tenant)
    for name in natural_key:
        query = query.where(getattr(Exposure, name) == getattr(exposure, name))
    return (await session.exec(query)).one().id


async def page(
    session: AsyncSession, tenant: str, paging: PageRequest, *, in_register: str | None, stakeholder_id: UUID | None
) -> tuple[Sequence[Exposure], str | None]:
    query = select(Exposure).where(Exposure.tenant == tenant)
    if in_register:
        query = query.where(Exposure.in_register == in_register)
    if stakeholder_id:
        query = query.where(Exposure.stakeholder_id == stakeholder_id)
    return await paginate(session, query, Exposure.id, paging)
