"""Every question about what editors are told of the decisions about their changes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.changes.models import Change
from services.directory.contacts.models import ContactRole, Role
from services.directory.editors.models import EditorLink
from services.directory.organisations import repository as organisations


@dataclass(frozen=True)
class Letter:
    """Known by the link that it brings. Without `contact_id` it was taken back, by us or with the link."""

    organisation_id: UUID
    contact_id: UUID | None
    made_at: datetime


async def tenants(session: AsyncSession) -> Sequence[str]:
    """Those with anything to tell, or to take back."""
    query = select(Change.tenant).where(or_(col(Change.untold_since).is_not(None), col(Change.letter_id).is_not(None)))
    return (await session.exec(query.distinct())).all()


async def untold(session: AsyncSession, tenant: str) -> Sequence[Change]:
    """Locked: whoever comes second waits for the first one's commit, and then finds it told."""
    query = select(Change).where(Change.tenant == tenant, col(Change.untold_since).is_not(None))
    return (await session.exec(query.order_by(col(Change.id)).with_for_update())).all()


async def told(session: AsyncSession, tenant: str) -> Sequence[Change]:
    """What letters tell that may still wait to be sent; locked."""
    query = select(Change).where(Change.tenant == tenant, col(Change.letter_id).is_not(None))
    return (await session.exec(query.order_by(col(Change.id)).with_for_update())).all()


async def letters(session: AsyncSession, tenant: str, ids: Collection[UUID]) -> dict[UUID, Letter]:
    query = select(EditorLink.id, EditorLink.organisation_id, EditorLink.contact_id, EditorLink.made_at).where(
        EditorLink.tenant == tenant, col(EditorLink.id).in_(ids)
    )
    return {id: Letter(*found) for id, *found in (await session.exec(query)).all()} if ids else {}


async def editor(session: AsyncSession, tenant: str, role_id: UUID) -> ContactRole | None:
    """Who it is, while they edit for the organisation. It is locked first, as whoever closes it does it: nobody is
    written to who is being forgotten at the moment."""
    found = await _role(session, tenant, role_id)
    await organisations.row(session, tenant, found.organisation_id, lock=True)
    await session.refresh(found, with_for_update=True)
    return found if _edits(found) else None


async def edits(session: AsyncSession, tenant: str, role_id: UUID) -> bool:
    """Whether there is an editor to be told, as far as is known now: nothing is locked."""
    return _edits(await _role(session, tenant, role_id))


async def _role(session: AsyncSession, tenant: str, id: UUID) -> ContactRole:
    query = select(ContactRole).where(ContactRole.tenant == tenant, ContactRole.id == id)
    return (await session.exec(query)).one()


def _edits(contact: ContactRole) -> bool:
    return contact.ended_on is None and contact.role is Role.EDITOR
