"""Every question about editor links."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.contacts.models import ContactRole, Role
from services.directory.editors.models import EditorLink
from shared.errors import NotFound


async def find(session: AsyncSession, tenant: str, id: UUID) -> EditorLink | None:
    return (await session.exec(select(EditorLink).where(EditorLink.tenant == tenant, EditorLink.id == id))).first()


async def get(session: AsyncSession, tenant: str, organisation_id: UUID, id: UUID) -> EditorLink:
    query = select(EditorLink).where(
        EditorLink.tenant == tenant, EditorLink.organisation_id == organisation_id, EditorLink.id == id
    )
    if link := (await session.exec(query.with_for_update())).first():
        return link
    raise NotFound


async def open_of(
    session: AsyncSession, tenant: str, organisation_id: UUID, at: datetime, contact_role_id: UUID | None = None
) -> Sequence[EditorLink]:
    """Those that open something, locked, oldest first."""
    query = select(EditorLink).where(
        EditorLink.tenant == tenant,
        EditorLink.organisation_id == organisation_id,
        col(EditorLink.revoked_at).is_(None),
        EditorLink.expires_at > at,
    )
    if contact_role_id:
        query = query.where(EditorLink.contact_role_id == contact_role_id)
    return (await session.exec(query.order_by(col(EditorLink.id)).with_for_update())).all()


async def editors_at(session: AsyncSession, tenant: str, email: str, since: datetime) -> Sequence[ContactRole]:
    """Who edits under this address and was mailed no link since then. A link whose address was taken back again may
    not have reached anybody."""
    mailed = select(EditorLink.contact_role_id).where(
        EditorLink.tenant == tenant, EditorLink.made_at > since, col(EditorLink.contact_id).is_not(None)
    )
    query = select(ContactRole).where(
        ContactRole.tenant == tenant,
        ContactRole.role == Role.EDITOR,
        col(ContactRole.ended_on).is_(None),
        func.lower(ContactRole.email) == email.lower(),
        col(ContactRole.id).not_in(mailed),
    )
    return (await session.exec(query.order_by(col(ContactRole.id)).with_for_update())).all()


async def to_forget(session: AsyncSession, at: datetime) -> Sequence[tuple[str, UUID, UUID]]:
    """Tenant, organisation and id of links that have expired and whose address notify still keeps."""
    query = select(EditorLink.tenant, EditorLink.organisation_id, EditorLink.id).where(
        EditorLink.expires_at <= at, col(EditorLink.contact_id).is_not(None)
    )
    return (await session.exec(query.order_by(col(EditorLink.id)).limit(500))).all()
