"""Every question about localities."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.localities.models import Locality, LocalityKind
from shared.errors import NotFound
from shared.paging import PageRequest, paginate


async def find(session: AsyncSession, tenant: str, id: UUID) -> Locality | None:
    return (await session.exec(select(Locality).where(Locality.tenant == tenant, Locality.id == id))).first()


async def get(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Locality:
    query = select(Locality).where(Locality.tenant == tenant, Locality.id == id)
    if locality := (await session.exec(query.with_for_update() if lock else query)).first():
        return locality
    raise NotFound


async def named(session: AsyncSession, tenant: str, name: str) -> Locality | None:
    return (await session.exec(select(Locality).where(Locality.tenant == tenant, Locality.name == name))).first()


async def add(session: AsyncSession, locality: Locality) -> bool:
    """False if the centre knows one of that name already, which then stays as it is."""
    statement = insert(Locality).values(locality.model_dump())
    free = statement.on_conflict_do_nothing(constraint="localities_name").returning(col(Locality.id))
    return (await session.exec(free)).first() is not None


async def page(
    session: AsyncSession, tenant: str, kind: LocalityKind | None, postcode: str | None, paging: PageRequest
) -> tuple[Sequence[Locality], str | None]:
    query = select(Locality).where(Locality.tenant == tenant)
    if kind:
        query = query.where(Locality.kind == kind)
    if postcode:
        query = query.where(col(Locality.postcodes).contains([postcode]))
    return await paginate(session, query, Locality.id, paging)
