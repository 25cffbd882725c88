"""Every question about contacts. Each names the tenant where one is known; a tombstone does not know it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.notify.contacts.models import Contact
from shared.errors import NotFound


async def put(session: AsyncSession, contact: Contact) -> None:
    """What is shared last replaces what was shared before."""
    values = contact.model_dump()
    statement = insert(Contact).values(values).on_conflict_do_update(index_elements=["id"], set_=values)
    await (await session.connection()).execute(statement)


async def get(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Contact:
    query = select(Contact).where(Contact.tenant == tenant, Contact.id == id)
    if contact := (await session.exec(query.with_for_update() if lock else query)).first():
        return contact
    raise NotFound


async def remove(session: AsyncSession, id: UUID) -> None:
    await session.exec(delete(Contact).where(col(Contact.id) == id))


async def those_of(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Contact]:
    found = (await session.exec(select(Contact).where(col(Contact.id).in_(ids)))).all()
    return {contact.id: contact for contact in found}


async def is_known(session: AsyncSession, id: UUID) -> bool:
    """Waits for whoever is erasing the contact right now, and then says no."""
    query = select(Contact.id).where(Contact.id == id).with_for_update(read=True)
    return (await session.exec(query)).first() is not None
